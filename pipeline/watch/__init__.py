"""Watching the road while it runs: what a monitor reads, a stuck consumer that is joined anew, and traces.

It changes nothing that a worker does with a record, and nothing it tells holds an id, a text, a link or a place;
spans alone name an event by its id.
"""
