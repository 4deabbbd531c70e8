"""Training posts among innocent sentences, so that the encoder finds one harmful line in a longer text.

Without this a single friendly sentence before a threat hid four in ten of them. It changes no label but the genre.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from nlp.train.rows import UNKNOWN, Row
from nlp.windows import WINDOW

MOST_SENTENCES = 4
_BETWEEN = (". ", "\n", " ", "\n\n", ", ")


def padded(row: Row, innocent: Sequence[str], chance: random.Random) -> Row:
    """The row with one to four of the `innocent` texts before it, behind it or around it, within one window."""
    before: list[str] = []
    behind: list[str] = []
    room = WINDOW - len(row.text)
    for _ in range(chance.randint(1, MOST_SENTENCES)):
        text = chance.choice(innocent)
        room -= len(text) + 2
        if room < 0:
            break
        (before if chance.random() < 0.6 else behind).append(text)
    if not before and not behind:
        return row
    head = "".join(_led_on(text, chance) for text in before)
    tail = "".join(_led_on(text, chance) for text in (row.text, *behind)[:-1]) + (row.text, *behind)[-1]
    facts = row.facts and tuple((bytes(len(head)) + marks).ljust(len(head + tail), b"\0") for marks in row.facts)
    return replace(row, text=head + tail, facts=facts, genre=UNKNOWN)


def _led_on(text: str, chance: random.Random) -> str:
    """The text with what stands between it and the next one."""
    return text + (" " if text.endswith((".", "!", "?")) else chance.choice(_BETWEEN))
