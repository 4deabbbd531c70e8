"""One slip of the thumbs on a phone's QWERTY keyboard; it knows nothing of schools and imports nothing of ours."""

from random import Random

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SLIPS = ("neighbour", "doubled", "dropped", "swapped")


def _neighbours() -> dict[str, str]:
    """The keys that touch each key; every row lies half a key to the right of the row above it."""
    spots = {key: (row, column + row / 2) for row, keys in enumerate(ROWS) for column, key in enumerate(keys)}
    return {
        key: "".join(
            other
            for other, (other_row, other_column) in spots.items()
            if other != key and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
        )
        for key, (row, column) in spots.items()
    }


NEIGHBOURS = _neighbours()


def _slips_at(name: str, at: int) -> list[str]:
    """What can go wrong at one letter: each slip gives a text that differs from the name."""
    possible = ["doubled"]
    if name[at].lower() in NEIGHBOURS:
        possible.append("neighbour")
    if name[at - 1] != name[at]:
        possible.append("dropped")
    if at + 1 < len(name) and name[at + 1].isalpha() and name[at + 1].lower() != name[at].lower():
        possible.append("swapped")
    return possible


def slip(name: str, random: Random) -> str:
    """The name with exactly one slip in it, never in its first letter; the kind of slip is drawn before the spot."""
    first = next(i for i, char in enumerate(name) if char.isalpha())
    spots = {at: _slips_at(name, at) for at in range(first + 1, len(name)) if name[at].isalpha()}
    for kind in random.sample(SLIPS, len(SLIPS)):
        where = [at for at, kinds in spots.items() if kind in kinds]
        if where:
            return _apply(name, random.choice(where), kind, random)
    raise ValueError(f"no letter to mistype in {name!r}")


def _apply(name: str, at: int, kind: str, random: Random) -> str:
    letter = name[at]
    match kind:
        case "doubled":
            return name[:at] + letter + name[at:]
        case "dropped":
            return name[:at] + name[at + 1 :]
        case "swapped":
            return name[:at] + name[at + 1] + letter + name[at + 2 :]
        case _:
            key = random.choice(NEIGHBOURS[letter.lower()])
            return name[:at] + (key.upper() if letter.isupper() else key) + name[at + 1 :]
