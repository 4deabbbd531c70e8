"""Invented posts and the answers to them, for the tests of measuring."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp.evaluate.rows import Rows, rows_of
from nlp.labelled import LabelledPost
from nlp.places.gazetteer import load
from signals.analysis import Analysis, Facts, Versions
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))


def post(
    name: str,
    *,
    actionable: bool = False,
    text: str = "lekker weer vandaag",
    note: str = "",
    platform: str = "telegram",
    genre: Genre = Genre.CHAT,
    imminent: bool | None = None,
) -> LabelledPost:
    return LabelledPost(
        id=name,
        text=text,
        actionable=actionable,
        category=Category.THREAT if actionable else Category.NONE,
        imminent=actionable if imminent is None else imminent,
        genre=genre,
        lang=Lang.NL,
        posted_at=NOW,
        note=note,
        platform=platform,
    )


def answer(
    *, flagged: bool, score: float | None = None, imminent: bool | None = None, area: str = "", kind: str = "area"
) -> Analysis:
    place = (
        Mention(text=area, start=0, end=len(area), kind=PlaceKind(kind), id=f"area:{area}", name=area) if area else None
    )
    return Analysis(
        flagged=flagged,
        score=(0.9 if flagged else 0.1) if score is None else score,
        category=Category.THREAT if flagged else Category.NONE,
        imminent=flagged if imminent is None else imminent,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=Level.ACUUT if flagged else Level.UITING,
        facts=Facts(),
        places=(place,) if place else (),
        reasons=(),
        window=None,
        versions=Versions(model="m", terms="t", settings="s"),
    )


def rows(posts: Sequence[LabelledPost], flags: Sequence[bool]) -> Rows:
    return rows_of(posts, [answer(flagged=flagged) for flagged in flags], {}, load())
