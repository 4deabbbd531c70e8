"""CAP alerts against the official schema: an area and a time, restricted, cancelled by reference, never a school."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from forwarding.channels.cap import NAMESPACE, RESTRICTION, NoAreaKnown, Warned, alert, areas_of
from signals.label import CATEGORY_LABELS, Category, Level
from tests.forwarding.town import BOOK, CITY, LONELY_STATION, QUARTER, SCHOOL_X, SCHOOL_Z, STATION

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schema" / "CAP-v1.2.xsd"))
SENDER = "seinpost.example.org"
SIGNAL = UUID(int=7)
NOW = datetime(2026, 11, 23, 12, 13, tzinfo=UTC)


def warned(
    category: Category = Category.CONFRONTATION, level: Level = Level.ACUUT, *, gone: bool = False, timed: bool = True
) -> Warned:
    return Warned(
        SIGNAL,
        category,
        level,
        areas_of([SCHOOL_X.id, STATION.id, CITY.id], BOOK),
        NOW + timedelta(hours=2, microseconds=9) if timed else None,
        NOW + timedelta(hours=3) if timed else None,
        NOW,
        NOW + timedelta(days=28),
        NOW + timedelta(minutes=5) if gone else None,
    )


def parsed(written: bytes) -> etree._Element:
    root = etree.fromstring(written)
    SCHEMA.assertValid(root)
    return root


def said(root: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in root.iter(f"{{{NAMESPACE}}}{name}")]


@pytest.mark.parametrize("category", [one for one in Category if one is not Category.NONE])
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("timed", [True, False])
def test_every_alert_is_valid_by_the_official_schema(category: Category, level: Level, timed: bool) -> None:
    root = parsed(alert(warned(category, level, timed=timed), SENDER))
    assert said(root, "event") == [CATEGORY_LABELS[category]]


def test_an_alert_is_restricted_and_holds_areas_and_a_time_alone() -> None:
    root = parsed(alert(warned(), SENDER))
    assert (said(root, "scope"), said(root, "restriction"), said(root, "status")) == (
        ["Restricted"],
        [RESTRICTION],
        ["Actual"],
    )
    assert said(root, "areaDesc") == ["Rietdam", "Waterstad"]
    assert said(root, "onset") == ["2026-11-23T15:13:00+01:00"]
    assert said(root, "expires") == ["2026-11-23T16:13:00+01:00"]
    assert said(root, "urgency") == ["Immediate"]
    for never in ("Lisdodde", "90XX01", "ns:", "RDE", str(SIGNAL)):
        assert never not in etree.tostring(root, encoding="unicode")
    for never in ("description", "headline", "instruction", "web", "resource", "circle", "polygon"):
        assert said(root, never) == []


def test_of_a_sexual_case_only_what_kind_and_where() -> None:
    root = parsed(alert(warned(Category.SEXUAL), SENDER))
    assert said(root, "onset") == []
    assert said(root, "urgency") == ["Unknown"]
    assert said(root, "expires") == ["2026-12-21T13:13:00+01:00"]


def test_a_withdrawal_cancels_the_alert_by_its_reference_and_tells_nothing_else() -> None:
    first, second = parsed(alert(warned(), SENDER)), parsed(alert(warned(gone=True), SENDER))
    assert said(second, "msgType") == ["Cancel"]
    assert said(second, "references") == [f"{SENDER},{said(first, 'identifier')[0]},{said(first, 'sent')[0]}"]
    assert said(second, "info") == []
    assert said(second, "identifier") != said(first, "identifier")
    assert alert(warned(), SENDER) == alert(warned(), SENDER)


def test_places_are_widened_to_what_they_lie_in_and_without_an_area_there_is_no_alert() -> None:
    assert [area.name for area in areas_of([SCHOOL_Z.id, QUARTER.id, SCHOOL_X.id, STATION.id], BOOK)] == [
        *("Elsbroek", "Kikkerhoek", "Rietdam"),
    ]
    for nowhere in ([], [LONELY_STATION.id], ["brin:unknown"]):
        with pytest.raises(NoAreaKnown):
            areas_of(nowhere, BOOK)
