"""Invented posts to plant among others: concrete threats put together from parts, with copies, edits and deletions.

By seed, so that every run plants the same. People, groups and events do not exist; the places do.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
"""A Monday morning that is past: a post from the future counts from when it was seen, which no two runs share."""

_PLACES = (
    "station Krommenie-Assendelft", "het Zaanlands Lyceum", "ROC Zaandijk", "station Zaandam", "Poelenburg",
    "de Dam in Zaandam", "station Bijlmer ArenA", "het Calandlyceum", "Osdorpplein", "Wormerveer", "station Sloterdijk",
    "het Mercatorplein", "Saendelft", "Venserpolder", "Ganzenhoef",
)  # fmt: skip
_TIMES = (
    "vanmiddag na het zesde uur", "straks om half 4", "morgen na school", "vanavond om 8 uur", "nu direct",
    "morgen in de grote pauze", "vandaag om 15:30", "over een uur",
)  # fmt: skip
_CALLS = (
    "{t} allemaal naar {p}, we gaan die gasten pakken, neem je mensen mee en kom niet met lege handen",
    "wie is er {t} bij {p}? die jongen van de andere school komt ook en hij gaat gestoken worden",
    "{t} bij {p} wordt het vechten, {n} tegen {n}, iedereen komen en messen mee",
    "ik heb een mes bij me en {t} sta ik bij {p} op hem te wachten, hij komt niet meer thuis",
    "zeg tegen die gast dat hij {t} naar {p} komt met 200 euro anders steken we hem neer",
    "gezocht: twee man die {t} een pakketje wegbrengen vanaf {p}, 300 euro cash, dm mij",
    "broers pull up {t} at {p}, we sliding on them, bring everything",
    "hij heeft een vuurwapen in zijn tas en gaat {t} schieten bij {p}, zeg het tegen iedereen",
)
_HARMLESS = (
    "Vrijdag komt mijn nieuwe track uit, prikkels in de booth, link volgt",
    "Fijne wedstrijd gisteren, wat een goal in de laatste minuut",
    "Mijn moeder vermoordt me als ik weer te laat ben voor het eten",
    "De bakker bij {p} heeft weer oliebollen",
    "Iemand nog samenvattingen van hoofdstuk 4 geschiedenis?",
)


@dataclass(frozen=True)
class Row:
    """One line of an export. `updated_at` orders the versions of one post."""

    id: str
    text: str
    posted_at: str
    updated_at: str
    url: str = ""
    deleted: bool = False

    def line(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def row(number: int, name: str, text: str, *, deleted: bool = False, later: int = 0) -> Row:
    """A row written `number` minutes after START; `later` counts later versions of the same post."""
    posted = START + timedelta(minutes=number % 240)
    return Row(
        id=name,
        text=text,
        posted_at=posted.isoformat(),
        updated_at=(posted + timedelta(seconds=later)).isoformat(),
        url=f"https://bericht.example/{name}",
        deleted=deleted,
    )


def threats(count: int, seed: int) -> Iterator[str]:
    """Different concrete threats."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        text = chance.choice(_CALLS).format(
            t=chance.choice(_TIMES), p=chance.choice(_PLACES), n=chance.choice((2, 3, 5, 10))
        )
        if text not in seen:
            seen.add(text)
            yield text


def harmless(count: int, seed: int) -> Iterator[str]:
    """Posts that are nobody's business; they repeat."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice(_HARMLESS).format(p=chance.choice(_PLACES))


def planted(seed: int, unique: int = 380, copies: int = 60, edits: int = 30, deletions: int = 30) -> list[list[Row]]:
    """Posts as lists of versions, oldest first: unique threats, copies by other posts, edits and deletions of some."""
    texts = list(threats(unique, seed))
    posts = [[row(n, f"planted-{n}", text)] for n, text in enumerate(texts)]
    chance = random.Random(seed + 1)
    for n in range(copies):
        text = chance.choice(texts)
        posts.append([row(n, f"copy-{n}", text.upper() if n % 3 == 0 else f"{text} !!")])
    for n, victim in enumerate(chance.sample(range(unique), edits + deletions)):
        if n < edits:
            new = "laat maar, het is al uitgepraat" if n % 2 else f"{texts[victim]} en zeg het door"
            posts[victim].append(row(victim, f"planted-{victim}", new, later=1))
        else:
            posts[victim].append(row(victim, f"planted-{victim}", "", deleted=True, later=1))
    return posts


def shuffled(posts: list[list[Row]], seed: int) -> list[Row]:
    """All rows in a random order that keeps each post's versions in theirs."""
    chance = random.Random(seed)
    order = [index for index, versions in enumerate(posts) for _ in versions]
    chance.shuffle(order)
    waiting = [list(reversed(versions)) for versions in posts]
    return [waiting[index].pop() for index in order]
