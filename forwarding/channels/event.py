"""A notice as a CloudEvent, for the systems of partners: what the e-mail says, as fields, and no more than that.

It is the same every time that the same notice is told. A withdrawal tells only the reference, a test message only that
it is one.
"""

import json

from pipeline.store.notices import DueNotice, NoticeKind

CONTENT_TYPE = "application/cloudevents+json"
_TYPES = {NoticeKind.TRIAL: "seinpost.test.v1", NoticeKind.SUPPORT: "seinpost.support-asked.v1"}
"""What is no referral."""


def cloud_event(notice: DueNotice, base_url: str) -> bytes:
    """CloudEvents 1.0 in structured mode, as JSON. Absent: this recipient may not know it, or nobody does."""
    home = base_url.rstrip("/")
    data: dict[str, object] = {"reference": str(notice.referral_id), "portal": f"{home}{notice.page}"}
    trial = notice.kind is NoticeKind.TRIAL
    if trial:
        data["test"] = True
    elif notice.kind is not NoticeKind.WITHDRAWN:
        told = {
            "category": notice.category,
            "theme": notice.theme,
            "level": notice.level,
            "places": list(notice.places) or None,
            "window_start": notice.window_start.isoformat() if notice.window_start else None,
            "window_end": notice.window_end.isoformat() if notice.window_end else None,
            "expires_at": notice.expires_at.isoformat(),
            "one_reader": True if notice.place_notice else None,
        }
        data |= {name: value for name, value in told.items() if value is not None}
    event = {
        "specversion": "1.0",
        "id": str(notice.id),
        "source": home,
        "type": _TYPES.get(notice.kind, f"seinpost.referral-{notice.kind.value}.v1"),
        "subject": str(notice.referral_id),
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
