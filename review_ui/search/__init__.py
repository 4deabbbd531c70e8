"""Search over places, times, kinds, levels, states and words of the term list."""
