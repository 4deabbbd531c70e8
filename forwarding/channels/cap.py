"""A forwarded signal as a CAP 1.2 alert for control rooms: an area and a time, restricted, no content of any kind.

Places are widened to the area or town they lie in; a school or station is never in it. Who gets it decides a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring
from zoneinfo import ZoneInfo

from forwarding.places import PlaceBook
from signals.label import CATEGORY_LABELS, Category, Level
from signals.place import PlaceKind

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
CONTENT_TYPE = "application/cap+xml"
RESTRICTION = "Alleen voor ontvangers met een geldig convenant. Geen bewijs."
_HOME = ZoneInfo("Europe/Amsterdam")
_REFERENCES = UUID("b6a1a3a6-6a0a-5c0f-8b39-5f2c8a7a1c16")
_HOLDERS = (PlaceKind.AREA, PlaceKind.CITY)
_URGENCY = {Level.ACUUT: "Immediate", Level.CONCREET: "Expected"}


class NoAreaKnown(Exception):
    """No place of the signal lies in an area that the gazetteer knows; there is nothing to tell at that size."""


@dataclass(frozen=True)
class Area:
    """An area or a town."""

    id: str
    name: str


@dataclass(frozen=True)
class Warned:
    """What an alert tells. `withdrawn_at` set: the alert of then is cancelled."""

    signal_id: UUID
    category: Category
    level: Level
    areas: tuple[Area, ...]
    window_start: datetime | None
    window_end: datetime | None
    sent_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None = None


def areas_of(place_ids: Iterable[str], book: PlaceBook) -> tuple[Area, ...]:
    """The smallest area or town that each place lies in, each once. Raises NoAreaKnown when there is none."""
    found: dict[str, Area] = {}
    for place_id in place_ids:
        holder = next((place for place in book.around(place_id) if place.kind in _HOLDERS), None)
        if holder is not None:
            found.setdefault(holder.id, Area(holder.id, holder.name))
    if not found:
        raise NoAreaKnown("none of the places lies in an area that the gazetteer knows; call instead")
    return tuple(found.values())


def alert(warned: Warned, sender: str) -> bytes:
    """The alert as XML. It is the same whenever it is made again; a withdrawal cancels it by its reference."""
    root = Element("alert", xmlns=NAMESPACE)
    cancels = warned.withdrawn_at is not None
    first = str(uuid5(_REFERENCES, f"{warned.signal_id}/alert"))
    _put(root, "identifier", str(uuid5(_REFERENCES, f"{warned.signal_id}/cancel")) if cancels else first)
    _put(root, "sender", sender)
    _put(root, "sent", _moment(warned.withdrawn_at or warned.sent_at))
    _put(root, "status", "Actual")
    _put(root, "msgType", "Cancel" if cancels else "Alert")
    _put(root, "scope", "Restricted")
    _put(root, "restriction", RESTRICTION)
    if cancels:
        _put(root, "references", f"{sender},{first},{_moment(warned.sent_at)}")
        return _xml(root)
    told_all = warned.category is not Category.SEXUAL  # of those: what kind and where, in every channel
    info = SubElement(root, "info")
    _put(info, "language", "nl-NL")
    _put(info, "category", "Security")
    _put(info, "event", CATEGORY_LABELS[warned.category])
    _put(info, "urgency", _URGENCY.get(warned.level, "Unknown") if told_all else "Unknown")
    _put(info, "severity", "Unknown")  # a post does not tell how bad it will be
    _put(info, "certainty", "Possible")
    if warned.window_start is not None and told_all:
        _put(info, "onset", _moment(warned.window_start))
    _put(info, "expires", _moment(warned.window_end if warned.window_end and told_all else warned.expires_at))
    _put(info, "senderName", "Seinpost")
    for area in warned.areas:
        place = SubElement(info, "area")
        _put(place, "areaDesc", area.name)
        code = SubElement(place, "geocode")
        source, _, number = area.id.partition(":")
        _put(code, "valueName", source)
        _put(code, "value", number)
    return _xml(root)


def _put(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = value


def _moment(moment: datetime) -> str:
    """With its offset and in whole seconds, as CAP asks."""
    return moment.astimezone(_HOME).isoformat(timespec="seconds")


def _xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
