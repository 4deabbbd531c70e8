"""The travelling types: frozen, strict, with no room for an author, and equal after a trip through JSON."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from signals.analysed import ANALYSED_RECORD, Analysed, analysed
from signals.analysis import Analysis, Facts, Reason, Versions
from signals.dead_letter import DeadLetter
from signals.label import Category, Genre, Lang, Level
from signals.order import Order
from signals.place import Mention, PlaceKind
from signals.post import POST_RECORD, Post, PostRemoved, Sealed, Source
from signals.settings_version import DetectionSettings

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SEALED = Sealed(key_day=date(2026, 11, 22), wrapped_key=b"\x00\xff", box=b"\x80")


def a_post(**changes: object) -> Post:
    fields: dict[str, Any] = {
        "id": UUID(int=1), "event_id": UUID(int=2), "revision": 1, "source": Source.BLUESKY_POST,
        "order_id": UUID(int=3), "text": "na school bij [@]", "seen_at": NOW, "link": SEALED,
    }  # fmt: skip
    return Post(**(fields | changes))


def an_analysis(**changes: object) -> Analysis:
    fields: dict[str, Any] = {
        "flagged": True, "score": 0.9, "category": Category.THREAT, "imminent": True, "genre": Genre.CHAT,
        "lang": Lang.NL, "level": Level.ACUUT, "facts": Facts(target=((0, 3),)), "window": None,
        "places": (Mention(text="Zuid", start=0, end=4, kind=PlaceKind.AREA, id="cbs:x", name="Zuid"),),
        "reasons": (Reason(start=0, end=3, why="x"),), "versions": Versions(model="m", terms="t", settings="s"),
    }  # fmt: skip
    return Analysis(**(fields | changes))


UNFLAGGED = {"flagged": False, "category": Category.NONE, "reasons": (), "level": Level.UITING}


def test_a_post_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        a_post().text = "iets anders"


@pytest.mark.parametrize("field", ["author", "handle", "user", "account", "did", "channel", "name"])
def test_a_post_has_no_room_for_an_author(field: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        a_post(**{field: "x"})


@pytest.mark.parametrize("kind", [Post, PostRemoved, Analysed, Analysis, Order, DeadLetter, DetectionSettings])
def test_no_travelling_type_names_a_person(kind: type[Any]) -> None:
    personal = ("author", "handle", "username", "account", "avatar", "follower", "person", "birth", "face")
    assert not [field for field in kind.model_fields for word in personal if word in field]


def test_loose_types_are_refused() -> None:
    for changes in ({"revision": "1"}, {"id": str(UUID(int=1))}, {"source": "bluesky-post"}, {"text": b"x"}):
        with pytest.raises(ValidationError):
            a_post(**changes)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        a_post(seen_at=datetime(2026, 11, 22))  # noqa: DTZ001


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        a_post(text="")


def test_a_collected_post_names_its_order_and_a_tip_needs_none() -> None:
    with pytest.raises(ValidationError, match="order"):
        a_post(order_id=None)
    assert a_post(order_id=None, source=Source.TIP).order_id is None


def test_a_post_is_never_later_than_it_was_seen() -> None:
    assert a_post(posted_at=datetime(2030, 1, 1, tzinfo=UTC)).moment == NOW
    assert a_post(posted_at=datetime(2020, 1, 1, tzinfo=UTC)).moment.year == 2020


def test_records_are_equal_after_a_trip_through_json() -> None:
    gone = PostRemoved(
        id=UUID(int=1), event_id=UUID(int=4), revision=2, source=Source.BLUESKY_POST, order_id=None, seen_at=NOW
    )
    for record in (a_post(), gone):
        assert POST_RECORD.validate_json(POST_RECORD.dump_json(record)) == record
    joined = analysed(a_post(), an_analysis())
    assert ANALYSED_RECORD.validate_json(ANALYSED_RECORD.dump_json(joined)) == joined


def test_an_unflagged_post_leaves_its_text_behind() -> None:
    left = analysed(a_post(), an_analysis(**UNFLAGGED))
    assert left.post is None
    assert not left.analysis.places
    assert not left.analysis.facts.target


def test_what_a_professional_brought_always_goes_along() -> None:
    tip = a_post(order_id=None, source=Source.TIP)
    assert analysed(tip, an_analysis(**UNFLAGGED)).post == tip


def test_an_unflagged_analysis_has_no_category_reasons_or_level() -> None:
    for wrong in ({"category": Category.THREAT}, {"level": Level.ACUUT}, {"reasons": an_analysis().reasons}):
        with pytest.raises(ValidationError):
            an_analysis(**(UNFLAGGED | wrong))
    with pytest.raises(ValidationError):
        an_analysis(category=Category.NONE)


def test_a_mention_spans_its_text() -> None:
    with pytest.raises(ValidationError, match="span"):
        Mention(text="Zuid", start=0, end=5, kind=PlaceKind.AREA, id="cbs:x", name="Zuid")


def test_equal_settings_have_one_version_name() -> None:
    one = DetectionSettings(threshold=0.5, gate_threshold=0.1)
    assert one.version == DetectionSettings(threshold=0.5, gate_threshold=0.1).version
    assert one.version != DetectionSettings(threshold=0.6, gate_threshold=0.1).version
