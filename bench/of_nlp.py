"""Measures analysing a stream as it really is: nearly all ordinary posts, a few that say something concrete."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from bench.row import Row
from nlp import default_settings
from nlp.analyse import MODELS, Analyser, Text
from nlp.encoder import Encoder
from nlp.encoder_text import encoder_text

QUESTION = "How many posts a second: the cascade on 99.5 % ordinary posts, beside the encoder on every post?"
MOMENT = datetime(2026, 3, 12, 12, 5, tzinfo=UTC)
SUBJECTS = (
    "de trein",
    "mijn oma",
    "de wedstrijd",
    "het weer",
    "onze hond",
    "the new album",
    "die serie",
    "het kabinet",
)
VERBS = ("is vandaag", "was gisteren", "blijft altijd", "wordt morgen", "looks", "voelt echt", "lijkt me")
REST = (
    "weer veel te laat",
    "heel gezellig",
    "duurder dan verwacht",
    "amazing honestly",
    "niet te geloven 😂",
    "prima zo",
)
TAILS = (
    "",
    " #blij",
    " [link]",
    ", vinden jullie ook niet?",
    " en dan nu koffie",
    " fijne dag allemaal",
    " in Utrecht",
)
CONCRETE = "morgen na school bij station Krommenie-Assendelft, neem je mensen mee, we gaan ze pakken"
ALONE = 200
"""Posts for the plain road, which is slow."""


def stream(count: int, seed: int = 7) -> list[Text]:
    """Invented ordinary posts with one concrete post in two hundred."""
    chance = random.Random(seed)
    return [
        Text(
            CONCRETE
            if number % 200 == 100
            else " ".join(chance.choice(words) for words in (SUBJECTS, VERBS, REST)) + chance.choice(TAILS),
            MOMENT,
        )
        for number in range(count)
    ]


def rows() -> Iterator[Row]:
    """The cascade, then the encoder in batches, then the encoder post by post."""
    began = perf_counter()
    analyser = Analyser.load()
    yield Row("loading", f"{perf_counter() - began:.1f} s")
    texts, live = stream(4000), default_settings()
    analyser.analyse(texts[:200], live)
    began = perf_counter()
    flagged = sum(analysis.flagged for analysis in analyser.analyse(texts, live))
    yield Row(f"cascade, {len(texts)} posts, {flagged} flagged", _rate(len(texts), began))
    encoder = Encoder(MODELS)
    clean = [encoder_text(text.text).text for text in texts[:ALONE]]
    encoder.encode(clean[:8])
    began = perf_counter()
    encoder.encode(clean)
    yield Row(f"encoder in batches, {ALONE} posts", _rate(ALONE, began))
    began = perf_counter()
    for text in clean:
        encoder.encode([text])
    yield Row(f"encoder post by post, {ALONE} posts", _rate(ALONE, began))


def _rate(count: int, began: float) -> str:
    return f"{count / (perf_counter() - began):.0f} posts/s"
