"""A notice as a MISP event: category, level, places, times and a link to the portal, under TLP and a sharing group.

It derives its ids from the referral, so that what follows changes the same event; a withdrawal empties it.
"""

from datetime import datetime
from uuid import UUID, uuid5

from pipeline.store.notices import DueNotice, NoticeKind
from signals.label import CATEGORY_LABELS, LEVEL_LABELS, Category, Level

TLP = "tlp:amber+strict"
"""TLP 2.0: for the partner's own organisation alone."""
_EVENTS = UUID("2f0c5a52-3a9e-5d0a-9d5d-7a0c4b1e9b55")
_THREAT = {Level.ACUUT: "1", Level.CONCREET: "2", Level.AANDACHT: "3"}
_UNDEFINED = "4"
_SHARING_GROUP = "4"
_INHERIT = "5"
_MOST_PLACES = 30

Json = dict[str, object]


def event_id(notice: DueNotice) -> UUID:
    """The id of the event of a notice's referral."""
    return uuid5(_EVENTS, str(notice.referral_id))


def misp_event(notice: DueNotice, base_url: str, now: datetime) -> Json:
    """The event as MISP's REST interface takes it. Raises ValueError without a sharing group."""
    if notice.sharing_group is None:
        raise ValueError("a MISP event goes to a sharing group or nowhere")
    withdrawn = notice.kind is NoticeKind.WITHDRAWN
    trial = notice.kind is NoticeKind.TRIAL
    level = Level(notice.level) if notice.level and not withdrawn else None
    moment = str(int(now.timestamp()))
    return {
        "uuid": str(event_id(notice)),
        "info": f"Seinpost: {_what(notice, withdrawn)}",
        "date": now.date().isoformat(),
        "timestamp": moment,
        "threat_level_id": _THREAT.get(level, _UNDEFINED) if level else _UNDEFINED,
        "analysis": "2",
        "published": not trial,  # who shares with the partner need not be told of a test
        "distribution": _SHARING_GROUP,
        "SharingGroup": {"uuid": str(notice.sharing_group), "name": "Seinpost"},
        "Tag": [{"name": TLP}, *_tags(notice.kind)],
        "Attribute": [*_attributes(notice, base_url, moment, withdrawn)],
    }


def _tags(kind: NoticeKind) -> list[Json]:
    """What a notice of this kind is marked with beside its TLP, in words of MISP's own taxonomies."""
    marks = {NoticeKind.WITHDRAWN: 'workflow:state="rejected"', NoticeKind.TRIAL: 'exercise:generic="comcheck"'}
    return [{"name": marks[kind]}] if kind in marks else []


def _what(notice: DueNotice, withdrawn: bool) -> str:
    if withdrawn:
        return "ingetrokken"
    if notice.kind is NoticeKind.TRIAL:
        return "proefbericht, er is geen signaal"
    kind = CATEGORY_LABELS[Category(notice.category)] if notice.category else notice.theme or "signaal"
    return f"{kind} ({LEVEL_LABELS[Level(notice.level)]})" if notice.level else kind


def _attributes(notice: DueNotice, base_url: str, moment: str, withdrawn: bool) -> list[Json]:
    """Each under an id of its own; of a withdrawn one the same ids, deleted and without what they held."""
    places = [("text", "Other", f"place-{n}", place) for n, place in enumerate(notice.places[:_MOST_PLACES])]
    times = [
        ("datetime", "Other", name, at.isoformat())
        for name, at in (
            ("window-start", notice.window_start),
            ("window-end", notice.window_end),
            ("expires", notice.expires_at),
        )
        if at is not None
    ]
    held = [] if withdrawn or notice.kind is NoticeKind.TRIAL else [*places, *times]
    link = f"{base_url.rstrip('/')}{notice.page}"
    told = [("link", "Internal reference", "portal", link), *held]
    kept = [_attribute(notice, *one, moment=moment, deleted=False) for one in told]
    if not withdrawn:
        return kept
    names = [f"place-{n}" for n in range(_MOST_PLACES)] + ["window-start", "window-end", "expires"]
    gone = [_attribute(notice, "text", "Other", name, "ingetrokken", moment=moment, deleted=True) for name in names]
    return [*kept, *gone]


def _attribute(
    notice: DueNotice, kind: str, category: str, name: str, value: str, *, moment: str, deleted: bool
) -> Json:
    return {
        "uuid": str(uuid5(_EVENTS, f"{notice.referral_id}/{name}")),
        "type": kind,
        "category": category,
        "value": value,
        "comment": name,
        "to_ids": False,
        "distribution": _INHERIT,
        "timestamp": moment,
        "deleted": deleted,
    }
