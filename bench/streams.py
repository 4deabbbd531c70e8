"""Streams of posts to analyse: invented, or of real ordinary posts that no training read. They measure speed only."""

import random
from datetime import UTC, datetime

from bench.beside import lyrics, training
from bench.beside import ordinary as ordinary_posts
from nlp.analyse import Text

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
ONE_IN_200, ONE_IN_50 = 0.005, 0.02
DUTCH = 0.7
"""The share of Dutch in the stream of ordinary posts; the rest is English."""


def invented(count: int, seed: int = 7) -> list[Text]:
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


def ordinary(count: int, seed: int = 7) -> list[Text]:
    """Real ordinary posts with one actionable training post in two hundred. Raises `NotHere` without them."""
    return _mixed(count, {"nl": DUTCH - ONE_IN_200, "en": 1 - DUTCH, "actionable": ONE_IN_200}, seed)


def scene(count: int, seed: int = 7) -> list[Text]:
    """Seven in ten harmless lyrics and talk of the scene, one in fifty actionable. Raises `NotHere` without them."""
    return _mixed(count, {"scene": 0.7, "nl": 0.3 - ONE_IN_50, "actionable": ONE_IN_50}, seed)


def _mixed(count: int, shares: dict[str, float], seed: int) -> list[Text]:
    chance = random.Random(seed)
    known = {
        "nl": ordinary_posts("nl"),
        "en": ordinary_posts("en"),
        "scene": [post.text for post in lyrics() if not post.actionable],
        "actionable": [post.text for post in training() if post.actionable],
    }
    texts = [text for name, share in shares.items() for text in chance.choices(known[name], k=round(count * share))]
    chance.shuffle(texts)
    return [Text(text, MOMENT) for text in texts]
