"""Ids to draw from, the same in every run."""

import random
from uuid import UUID


def uuids(number: int) -> list[UUID]:
    """So many ids."""
    source = random.Random(11)
    return [UUID(int=source.getrandbits(128)) for _ in range(number)]
