"""Hiding from the machine does not pay: signals written evasively are still found, harmless posts still left alone.

Rewrites are made by this folder's own generator from the development corpus, which lies beside the project. `make test`
reads two of a signal's ten rewrites and one of a harmless post's, `make soak` all; what each way costs is said anyway.
"""

from collections import defaultdict
from statistics import mean

import pytest

from tests.nlp.measuring import DEV, Bar, each, flags, rows_of, share, texts_of, told
from tests.nlp.robustness.evasion import MANY, rewrites
from tests.soak import Soak

BARS = {"recall lost": Bar(most=0.05), "false rate gained": Bar(most=0.01)}
# Model e5-small-d555ba0bfd4f at threshold 0.5: over the few rewrites of a short run, and over all.
# After a new model: run this file with `-s`, and once more with `SOAK=1`, and write down what it prints.
MEASURED = {"recall lost": 0.0182, "false rate gained": 0.0199}
MEASURED_IN_FULL = {"recall lost": 0.0355, "false rate gained": 0.0100}
FEW = {"recall lost": 2, "false rate gained": 1}


def posts(*, signals: bool) -> list[str]:
    return texts_of([row for row in rows_of(DEV) if row["actionable"] is signals])


def drawn(at: int, few: int) -> list[int]:
    """Which of the ten rewrites of post number `at` are read: others for every post, the same in every run."""
    return [(at + turn * MANY // few) % MANY for turn in range(few)]


def gained(texts: list[str], few: int) -> tuple[float, str]:
    """How much larger the share flagged becomes by rewriting, and where that comes from, in words."""
    plain = flags(texts)
    made = [(at, *rewrites(text)[turn]) for at, text in enumerate(texts) for turn in drawn(at, few)]
    hits = flags([text for _, _, text in made])
    ways: defaultdict[str, list[int]] = defaultdict(list)
    for (at, way, _), hit in zip(made, hits, strict=True):
        ways[way].append(hit - plain[at])
    by_way = ", ".join(f"{way} {mean(ways[way]):+.3f}" for way in sorted(ways, key=lambda way: mean(ways[way])))
    return share(hits) - share(plain), f"{told(sum(plain), len(plain))} -> {told(sum(hits), len(hits))}; {by_way}"


def check(name: str, few: int, soak: Soak) -> None:
    """Measure one bar, keep the figure of a full run whether the bar holds or not, and judge it."""
    signals = name == "recall lost"
    more, said = gained(posts(signals=signals), few)
    soak.record(f"rewritten posts, {few} rewrites each: {name}", said)
    BARS[name].check(name, -more if signals else more, said)


def test_every_development_post_has_ten_rewrites() -> None:
    texts = [*posts(signals=True), *posts(signals=False)]
    assert [at for at, text in enumerate(texts) if len(rewrites(text)) != MANY] == []


@each(BARS, MEASURED)
def test_a_few_rewrites_of_every_post_change_little(name: str, soak: Soak) -> None:
    check(name, FEW[name], soak)


@pytest.mark.soak
@each(BARS, MEASURED_IN_FULL)
def test_ten_rewrites_of_every_post_change_little(name: str, soak: Soak) -> None:
    check(name, MANY, soak)
