"""Whole visits to a subreddit: what is asked, what is kept between visits, and what is gone at the next."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.health import HealthState
from collectors.readers.reader import Ask
from tests.collectors.readers.visits import room, visit

HERE = Path(__file__).parent
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = {"reddit-client-id": "qzid", "reddit-client-secret": "qzsecret"}


def said(ask: Ask) -> tuple[int, bytes]:
    """The saved answers; lists have one page, and what is asked by name is shown as the lists show it."""
    name = "token.json" if ask.step == "token" else "new.json" if ask.step in ("new", "info") else "comments.json"
    whole = json.loads((HERE / name).read_text("utf-8"))
    if ask.step == "info":
        comments = json.loads((HERE / "comments.json").read_text("utf-8"))["data"]["children"]
        whole["data"]["children"] += comments
    if "data" in whole:
        whole["data"]["after"] = None
    return 200, json.dumps(whole).encode()


def test_a_subreddit_is_read_once_and_nothing_of_its_people_stays() -> None:
    around = room("reddit", AT)
    assert visit(around, "reddit", "r/zaandam", KEYS, said, AT) == ["token", "new", "comments"]
    first, records = around.texts(), len(around.records)
    assert len(first) == 8
    assert visit(around, "reddit", "r/zaandam", KEYS, said, AT + timedelta(minutes=5)) == ["token", "new", "comments"]
    assert (around.texts(), len(around.records)) == (first, records)
    assert [health.state for health in around.health] == [HealthState.OK, HealthState.NOTHING_NEW]
    for canary in ("qzcanary", "qzother", "qzmention", "qzsecret", "qztoken"):
        assert canary not in around.everything_written()


def test_after_a_day_what_was_deleted_there_is_removed_here() -> None:
    around = room("reddit", AT)
    visit(around, "reddit", "r/zaandam", KEYS, said, AT)

    def deleted(ask: Ask) -> tuple[int, bytes]:
        status, body = said(ask)
        whole = json.loads(body)
        if ask.step == "info":
            for child in whole["data"]["children"][:1]:
                child["data"] |= {"title": "[deleted by user]", "selftext": "[removed]", "author": "[deleted]"}
        elif ask.step == "new":
            whole["data"]["children"] = []
        return status, json.dumps(whole).encode()

    gone = list(around.state().values()).count(None)
    steps = visit(around, "reddit", "r/zaandam", KEYS, deleted, AT + timedelta(days=1))
    assert steps == ["token", "new", "comments", "info"]
    assert list(around.state().values()).count(None) == gone + 1


def test_without_approval_nothing_is_asked_but_a_token() -> None:
    around = room("reddit", AT)
    refused = json.dumps({"message": "Unauthorized", "error": 401}).encode()
    assert visit(around, "reddit", "r/zaandam", KEYS, lambda _: (401, refused), AT) == ["token"]
    assert around.health[-1].state is HealthState.BLOCKED
    assert around.health[-1].reason == "token_refused"
