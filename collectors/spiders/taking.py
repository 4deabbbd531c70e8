"""Puts what a reader read into an outlet's batch: what is new, what changed, what is gone. It hands nothing over."""

from dataclasses import replace
from datetime import datetime

from collectors.moments import microseconds
from collectors.outlet import Outlet
from collectors.readers.reader import Page
from collectors.refused import Refused
from collectors.spiders.visit_place import VisitPlace


def take(page: Page, outlet: Outlet, place: VisitPlace, seen_at: datetime, kind: str) -> VisitPlace:
    """Put what is new in the outlet's batch; the answer is the place with it known."""
    seen, gone = [], []
    seen_us = microseconds(seen_at)
    for aside in page.set_aside:
        outlet.refuse(aside.refused, aside.raw, kind)
    for post in page.posts:
        try:
            ids = outlet.ids(post)
            if place.knows_version(*ids):
                continue
            known = place.knows(ids[0])
            # A change that the source does not date is as new as when we saw it; no date may lie in the future.
            revision = seen_us if known else _past(post.revision, seen_us)
            taken = outlet.add(replace(post, revision=revision, edited=known or post.edited))
        except Refused as refused:
            outlet.refuse(refused, post.text.encode("utf-8", "surrogatepass"), post.source.value)
            continue
        if taken:
            seen.append(ids)
        else:
            gone.append(ids[0])
    for removal in page.gone:
        try:
            ids = outlet.ids(removal)
            if not place.knows_version(*ids):
                # As with a change: what is gone now is newer than every version seen before, whatever date it bears.
                revision = seen_us if place.knows(ids[0]) else _past(removal.revision, seen_us)
                outlet.add(replace(removal, revision=revision))
        except Refused as refused:
            outlet.refuse(refused, b"", removal.source.value)
            continue
        seen.append(ids)
    return place.knowing(seen, gone)


def _past(revision: int, seen_us: int) -> int:
    return min(revision, seen_us) if revision > 0 else seen_us
