"""The analyses that the road is measured with: the gate alone, one that only waits, and the whole cascade."""

import time
from collections.abc import Callable, Sequence

from nlp import terms
from nlp.analyse import MODELS, Analyser, Text
from nlp.encoder_text import encoder_text
from nlp.gate import Gate
from nlp.normalise import fold
from pipeline.analysing import Analyse
from signals.analysis import Analysis, Facts, Versions
from signals.label import Category, Genre, Lang, Level
from signals.post import Post
from signals.settings_version import DetectionSettings

WAIT = 0.02
"""Seconds that the waiting analysis takes for a batch, whatever its size."""


def gate_only() -> Analyse:
    """Normalising, the term list and the linear gate; what the gate lets through is flagged."""
    gate, known = Gate.load(MODELS / "gate.npz"), terms.shipped()

    def analyse(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        texts = [encoder_text(post.text).text for post in posts]
        told = [any(hit.term.opens_gate for hit in known.find(fold(text))) for text in texts]
        chances = gate.probabilities(texts)
        versions = Versions(model="gate", terms="shipped", settings=settings.version)
        return [
            _analysis(sure or chance >= settings.gate_threshold, chance, versions)
            for sure, chance in zip(told, chances, strict=True)
        ]

    return analyse


def waiting() -> Analyse:
    """Twenty milliseconds a batch, in which the processor is free; flags nothing."""

    def analyse(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        time.sleep(WAIT)
        versions = Versions(model="gate", terms="shipped", settings=settings.version)
        return [_analysis(False, 0.0, versions) for _ in posts]

    return analyse


def cascade() -> Analyse:
    """The analysis as it is shipped."""
    models = Analyser.load()

    def analyse(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        return models.analyse([Text(post.text, post.moment) for post in posts], settings)

    return analyse


ANALYSERS: dict[str, Callable[[], Analyse]] = {"gate": gate_only, "waiting": waiting, "cascade": cascade}

_NOTHING = Facts()


def _analysis(flagged: bool, chance: float, versions: Versions) -> Analysis:
    return Analysis(
        flagged=flagged,
        score=chance,
        category=Category.THREAT if flagged else Category.NONE,
        imminent=False,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=Level.CONCREET if flagged else Level.UITING,
        facts=_NOTHING,
        places=(),
        reasons=(),
        window=None,
        versions=versions,
    )
