"""The gate alone: it lets signals through, those without telling words too, and keeps most ordinary posts out.

Development and ordinary posts lie beside the project; where they are not, their bars are skipped.
"""

from pathlib import Path

from tests.nlp.measuring import DEV, POSTS, Bar, analysed, each, passes, rows_of, share, texts_of, told, wrong_ids

HERE = Path(__file__).parent
HARD, ALIKE = HERE / "hard_positives.jsonl", HERE / "lookalikes.jsonl"
SIGNALS = {"missed, dev": DEV, "missed, hard positives": HARD}
ORDINARY = {"passed, nl": POSTS / "ordinary_nl.jsonl", "passed, en": POSTS / "ordinary_en.jsonl"}
MISSED = {name: Bar(most=0.02) for name in SIGNALS}
PASSED = {name: Bar(most=0.04) for name in ORDINARY}
# Model e5-small-d555ba0bfd4f, gate at 0.4. After a new model: run this file with `-s` and write down what it prints.
MEASURED = {
    "missed, dev": 0.0182,
    "missed, hard positives": 0.0333,
    "passed, nl": 0.0389,
    "passed, en": 0.0177,
}


@each(MISSED, MEASURED)
def test_the_gate_keeps_at_most_one_signal_in_fifty_out(name: str) -> None:
    rows = [row for row in rows_of(SIGNALS[name]) if row["actionable"]]
    missed = [not passed for passed in passes(texts_of(rows))]
    MISSED[name].check(name, share(missed), f"{told(sum(missed), len(missed))} {wrong_ids(rows, missed)}")


@each(PASSED, MEASURED)
def test_the_gate_lets_at_most_one_ordinary_post_in_twenty_five_through(name: str) -> None:
    passed = passes(texts_of(rows_of(ORDINARY[name])))
    PASSED[name].check(name, share(passed), told(sum(passed), len(passed)))


def test_what_the_gate_keeps_out_is_never_flagged() -> None:
    texts = texts_of([*rows_of(HARD), *rows_of(ALIKE)])
    closed = [text for text, passed in zip(texts, passes(texts), strict=True) if not passed]
    assert closed, "some of these posts are as ordinary as can be"
    assert not any(one.flagged for one in analysed(closed))
