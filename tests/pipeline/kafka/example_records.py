"""Invented records of every message of the contract: the fullest and the barest that each type allows."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from signals.analysed import Analysed
from signals.analysis import Analysis, Facts, Reason, TimeWindow, Versions
from signals.dead_letter import DeadLetter, DeadReason
from signals.decision import Decision, Told
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind
from signals.post import Post, PostRemoved, Sealed, Source
from signals.settings_version import DetectionSettings, TeamTerm

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
_ID, _EVENT, _ORDER = (UUID(f"00000000-0000-4000-8000-00000000000{n}") for n in (1, 2, 3))
_SEALED = Sealed(key_day=date(2026, 11, 22), wrapped_key=b"wrapped", box=b"box")
_VERSIONS = Versions(model="m1", terms="t1", settings="s1")

_POST = Post(
    id=_ID,
    event_id=_EVENT,
    revision=7,
    source=Source.EXPORT,
    order_id=_ORDER,
    text="kom vanavond naar [link] bij het Molencollege",
    lang_hint="nl",
    posted_at=NOW - timedelta(minutes=3),
    seen_at=NOW,
    link=_SEALED,
    link_hash="ab" * 32,
    names=_SEALED,
)
_TIP = Post(id=_ID, event_id=_EVENT, revision=1, source=Source.TIP, order_id=None, text="een waarneming", seen_at=NOW)
_FLAGGED = Analysis(
    flagged=True,
    score=0.93,
    category=Category.CONFRONTATION,
    imminent=True,
    genre=Genre.CHAT,
    lang=Lang.NL,
    level=Level.ACUUT,
    facts=Facts(place=((33, 45),), time=((4, 12),), call=((0, 3),)),
    places=(
        Mention(text="Molencollege", start=33, end=45, kind=PlaceKind.SCHOOL, id="brin:00XX00", name="Molencollege"),
    ),
    reasons=(Reason(start=0, end=3, why="call to come"),),
    window=TimeWindow(start=NOW, end=NOW + timedelta(hours=3), confidence=0.8),
    versions=_VERSIONS,
)
_QUIET = Analysis(
    flagged=False,
    score=0.02,
    category=Category.NONE,
    imminent=False,
    genre=Genre.EVERYDAY,
    lang=Lang.OTHER,
    level=Level.UITING,
    facts=Facts(),
    places=(),
    reasons=(),
    window=None,
    versions=_VERSIONS,
)


def _analysed(analysis: Analysis, post: Post | None) -> Analysed:
    return Analysed(
        post_id=_ID,
        event_id=_EVENT,
        revision=7,
        source=Source.EXPORT,
        order_id=_ORDER,
        seen_at=NOW,
        analysis=analysis,
        post=post,
    )


def _letter(raw: bytes) -> DeadLetter:
    return DeadLetter(
        reason=DeadReason.SCHEMA,
        step="analyse",
        source_kind="export",
        size=12,
        sha256="cd" * 32,
        field_path="text",
        code_location="pipeline/workers/analysis.py:64",
        happened_at=NOW,
        raw=raw,
    )


EXAMPLES: dict[type[BaseModel], dict[str, BaseModel]] = {
    Post: {"full": _POST, "bare": _TIP},
    PostRemoved: {
        "full": PostRemoved(id=_ID, event_id=_EVENT, revision=8, source=Source.FEED_ENTRY, order_id=_ORDER, seen_at=NOW)
    },
    Analysed: {"full": _analysed(_FLAGGED, _POST), "bare": _analysed(_QUIET, None)},
    Decision: {
        "full": Decision(
            id=_ID,
            told=Told.NEW,
            category=Category.WEAPON,
            theme="wapens",
            level=Level.CONCREET,
            places=("Zaanstad",),
            window_start=NOW,
            window_end=NOW + timedelta(hours=3),
            expires_at=NOW + timedelta(days=28),
            one_reader=True,
        ),
        "bare": Decision(id=_ID, told=Told.WITHDRAWN),
    },
    DetectionSettings: {
        "full": DetectionSettings(
            threshold=0.5,
            category_thresholds={Category.WEAPON: 0.4},
            gate_threshold=0.1,
            team_terms=(TeamTerm(term="spinner", category=Category.WEAPON, meaning="een vuurwapen"),),
            region="Zaanstad",
        ),
        "bare": DetectionSettings(threshold=0.5, gate_threshold=0.1),
    },
    DeadLetter: {"full": _letter(b"1;2026-11-22T15;sealed")},
}
