"""What is fed: every canary beside a concrete threat and in an ordinary post; and the shortest list to look for.

It feeds nothing in itself.
"""

from tests.canary.canaries import CORE, Canary, forms
from tests.whole_road.planted import threats

LINK = f"https://bericht.example/{CORE}/1"
"""A link as a source gives it: it must lie sealed in the house, and nowhere else."""


def everything() -> str:
    """All canaries in one long text."""
    return "\n".join(canary.sentence for canary in forms())


def one_of_each() -> list[Canary]:
    """The first form of every kind."""
    return list({canary.kind: canary for canary in reversed(forms())}.values())


def ordinary() -> list[str]:
    """Every canary in a post that is no signal."""
    return [f"De bakker op de markt heeft weer oliebollen. {canary.written} , en ze zijn lekker." for canary in forms()]


def flagged() -> list[str]:
    """Every canary in a post that must be flagged, each with another threat."""
    found = forms()
    return [
        f"{threat}. {canary.written} , neem iedereen mee."
        for threat, canary in zip(threats(len(found), 11), found, strict=True)
    ]


def needles() -> tuple[str, ...]:
    """What must be found nowhere. A needle that holds another one is left out: the shorter is found wherever it is."""
    every = {needle.lower() for canary in forms() for needle in canary.needles}
    return tuple(sorted(needle for needle in every if not any(other in needle for other in every - {needle})))
