"""Whole visits to a YouTube channel: what is asked, what is kept between visits, and what is gone at the next."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.health import HealthState
from collectors.readers.reader import Ask
from signals.post import PostRemoved
from tests.collectors.readers.visits import room, visit

HERE = Path(__file__).parent
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "channel:UCqzcanary7qzcanary7qzca"
KEYS = {"youtube-api-key": "qzsecret"}
FILES = {
    "channel": "channels.json",
    "uploads": "playlist_items.json",
    "videos": "videos.json",
    "threads": "comment_threads.json",
    "replies": "comments.json",
}


def said(ask: Ask) -> tuple[int, bytes]:
    """The saved answers, with only the videos that were asked and one page of each list."""
    whole = json.loads((HERE / FILES[ask.step]).read_text("utf-8"))
    whole.pop("nextPageToken", None)
    if ask.step == "videos":
        whole["items"] = [item for item in whole["items"] if item["id"] in ask.carry["ids"].split(",")]
    return 200, json.dumps(whole).encode()


def test_a_channel_is_read_once_and_then_only_what_changed() -> None:
    around = room("youtube", AT)
    assert visit(around, "youtube", ADDRESS, KEYS, said, AT) == ["channel", "uploads", "videos", "threads", "replies"]
    first = around.texts()
    assert "Morgen bij de brug, [@] &lt;3" in first
    assert "Om vijf uur dus" in first
    assert len(first) == 8
    assert visit(around, "youtube", ADDRESS, KEYS, said, AT + timedelta(hours=1)) == ["uploads", "videos"]
    assert around.texts() == first
    assert [health.state for health in around.health] == [HealthState.OK, HealthState.NOTHING_NEW]
    assert "qzcanary" not in around.everything_written()
    assert "qzsecret" not in around.everything_written()


def test_a_video_that_left_the_list_is_asked_once_more_and_removed() -> None:
    around = room("youtube", AT)
    visit(around, "youtube", ADDRESS, KEYS, said, AT)

    def later(ask: Ask) -> tuple[int, bytes]:
        status, body = said(ask)
        whole = json.loads(body)
        whole["items"] = [item for item in whole["items"] if "vid00000002" not in json.dumps(item)]
        return status, json.dumps(whole).encode()

    before = len(around.records)
    visit(around, "youtube", ADDRESS, KEYS, later, AT + timedelta(hours=1))
    visit(around, "youtube", ADDRESS, KEYS, later, AT + timedelta(hours=2))
    (removed,) = around.records[before:]
    assert isinstance(removed, PostRemoved)
    assert list(around.state().values()).count(None) == 2  # and the private one of the first visit


def test_a_spent_quota_ends_the_visit_and_the_next_one_finds_the_rest() -> None:
    around = room("youtube", AT)

    def spent(ask: Ask) -> tuple[int, bytes]:
        error = {
            "error": {"code": 403, "message": "x", "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}]}
        }
        return (403, json.dumps(error).encode()) if ask.step == "threads" else said(ask)

    visit(around, "youtube", ADDRESS, KEYS, spent, AT)
    assert around.health[-1].state is HealthState.SLOWED
    assert around.health[-1].reason.startswith("quota_exceeded")
    visit(around, "youtube", ADDRESS, KEYS, said, AT + timedelta(days=1))
    assert len(around.texts()) == 8


def test_comments_that_are_off_do_not_end_the_visit() -> None:
    around = room("youtube", AT)

    def off(ask: Ask) -> tuple[int, bytes]:
        error = {"error": {"code": 403, "message": "x", "errors": [{"reason": "commentsDisabled"}]}}
        return (403, json.dumps(error).encode()) if ask.step == "threads" else said(ask)

    visit(around, "youtube", ADDRESS, KEYS, off, AT)
    assert around.health[-1].state is HealthState.OK
    assert visit(around, "youtube", ADDRESS, KEYS, off, AT + timedelta(hours=1)) == ["uploads", "videos"]
