"""Fitting the gate: it opens for what resembles harm, stays shut for ordinary posts, and its opening is measured."""

import numpy as np
import pytest

from nlp.heads import FACTS
from nlp.train.gate import MISSES, fit_gate, opening_for, unseen
from nlp.train.rows import Row

HARM = ("morgen pakken we hem bij de poort", "neem je mes mee naar het plein", "wie rijdt er voor geld iets weg")
PEACE = ("lekker weer vandaag", "wat een mooie wedstrijd was dat", "de trein heeft weer vertraging", "koffie met taart")


def rows() -> list[Row]:
    texts = [(f"{text} {number}", True) for text in HARM for number in range(12)]
    texts += [(f"{text} {number}", False) for text in PEACE for number in range(30)]
    return [
        Row(str(at), text, str(at), int(bad), 0, 0, 0, tuple(bytes(len(text)) for _ in FACTS), ordinary=not bad)
        for at, (text, bad) in enumerate(texts)
    ]


def test_the_gate_opens_for_harm_and_not_for_ordinary_posts() -> None:
    gate = fit_gate(rows())
    assert gate.probability("neem je mes mee naar de poort") > 0.5
    assert gate.probability("lekker weer en koffie") < 0.2


def test_every_row_is_judged_by_a_gate_that_has_not_seen_its_group() -> None:
    given = rows()
    given.append(Row("odd", "qqxx zzyy", "odd", 1, 0, 0, 0, None, ordinary=False))
    assert unseen(given)[-1] < fit_gate(given).probability("qqxx zzyy")


@pytest.mark.parametrize("count", [100, 1000])
def test_the_opening_keeps_out_no_more_actionable_posts_than_allowed(count: int) -> None:
    given = [Row(str(i), "x", str(i), 1, 0, 0, 0, None, ordinary=False) for i in range(count)]
    chances = np.random.default_rng(3).beta(5, 1, count)
    assert (chances < opening_for(given, chances)).mean() <= MISSES
