"""The JSON API and the health checks: the pages' own functions behind stable addresses."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from signals.place import PlaceKind
from tests.review_ui.world import SCHOOL, STATION, Browser, World

CONFIRM = {"reading": 1, "verdict": "confirm", "reason": "directed", "category": "confrontation", "level": "concreet"}
PARK = {**CONFIRM, "verdict": "park", "reason": "context_wanted"}


def judged(browser: Browser, signal: UUID, **more: object) -> tuple[int, object]:
    """Judge through the API; status, and the state or the error."""
    answer = browser.call(f"/signals/{signal}/assessments", {**CONFIRM, **more})
    return answer.status_code, answer.json().get("state", answer.json().get("error"))


def error(browser: Browser, path: str, body: object = None) -> tuple[int, str]:
    """A call that is refused: its status and code."""
    answer = browser.call(path, body)
    return answer.status_code, str(answer.json()["error"])


def test_the_api_reads_claims_judges_and_releases(world: World) -> None:
    signal = world.add_signal()
    anna = world.signed_in("anna")
    queue = anna.get("/api/v1/queue").json()
    assert [item["id"] for item in queue["items"]] == [str(signal)]
    assert queue["counts"]["all"] == 1
    assert anna.call(f"/signals/{signal}/claim").status_code == 200
    assert anna.call(f"/signals/{signal}/heartbeat").status_code == 200
    assert anna.call(f"/signals/{signal}/release").status_code == 204
    seen = anna.get(f"/api/v1/signals/{signal}").json()
    assert seen["facts"]["means"]
    assert "score" not in str(seen)
    judgement = {
        "reading": 1,
        "verdict": "confirm",
        "reason": "directed",
        "category": "confrontation",
        "level": "concreet",
    }
    answered = anna.call(f"/signals/{signal}/assessments", judgement)
    assert (answered.status_code, answered.json()) == (201, {"state": "waiting_second"})
    again = anna.call(f"/signals/{signal}/assessments", judgement)
    assert (again.status_code, again.json()["error"]) == (409, "already_read")


def test_an_unsafe_call_needs_the_token_in_a_header(world: World) -> None:
    signal = world.add_signal()
    anna = world.signed_in("anna")
    refused = anna.client.post(f"/api/v1/signals/{signal}/claim", json=None)
    assert (refused.status_code, refused.json()["error"]) == (403, "form_out_of_date")


def test_a_reason_of_another_verdict_is_refused(world: World) -> None:
    signal = world.add_signal()
    wrong = {"reading": 1, "verdict": "reject", "reason": "directed", "category": "threat", "level": "acuut"}
    assert world.signed_in("anna").call(f"/signals/{signal}/assessments", wrong).status_code == 422


def test_no_endpoint_decides_about_more_than_one_signal(world: World) -> None:
    paths = world.signed_in("anna").get("/openapi.json").json()["paths"]
    assert all("{signal_id}" in path for path, methods in paths.items() if "post" in methods)


def test_health_needs_no_log_in_and_tells_no_content(world: World) -> None:
    world.add_signal()
    anna = world.signed_in("anna")
    anna.get("/werkvoorraad")
    anna.client.cookies.clear()
    assert anna.get("/healthz").json() == {"status": "ok"}
    assert anna.get("/readyz").status_code == 200
    metrics = anna.get("/metrics").text
    assert 'route="/werkvoorraad"' in metrics
    assert "kr-ass" not in metrics
    assert anna.get("/openapi.json").status_code == 200


def test_a_reading_is_taken_back_by_its_reader_and_by_nobody_else(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    assert judged(anna, signal) == (201, "waiting_second")
    (own,) = anna.get(f"/api/v1/signals/{signal}").json()["readings"]
    question = {"assessment_id": own["id"]}
    assert error(bram, f"/signals/{signal}/undo", question) == (409, "cannot_undo")
    assert anna.call(f"/signals/{signal}/undo", question).json() == {"state": "new"}
    assert judged(anna, signal) == (201, "waiting_second"), "it is read anew"
    (own,) = anna.get(f"/api/v1/signals/{signal}").json()["readings"]
    world.clock.pass_by(timedelta(seconds=61))
    assert error(anna, f"/signals/{signal}/undo", {"assessment_id": own["id"]}) == (409, "undo_too_late")


def test_the_team_is_asked_answers_and_decides(world: World, anna: Browser, bram: Browser) -> None:
    signal, path = world.add_signal(), "/signals/{}/overleg"
    path = path.format(signal)
    asked = {"words": "kennen jullie [naam] van https://voorbeeld.test/x?", "asked": [str(world.people["bram"])]}
    assert anna.call(path, asked).json() == {"state": "casusoverleg"}
    closed = bram.get(f"/api/v1{path}").json()
    assert (closed["open_to_me"], closed["costs_blindness"], closed["messages"]) == (False, True, [])
    assert bram.call(f"{path}/join").status_code == 204
    assert bram.call(f"{path}/messages", {"words": "ja, uit de les"}).status_code == 204
    seen = bram.get(f"/api/v1{path}").json()
    assert [(one["kind"], one["body"], one["asked"]) for one in seen["messages"]] == [
        ("question", "kennen jullie [naam] van [link]?", ["Bram"]),
        ("message", "ja, uit de les", []),
    ]
    assert bram.call(f"{path}/messages", {"words": "  "}).json()["error"] == "nothing_said"
    assert judged(bram, signal, reading=3, verdict="reject", reason="art", decision="het is een clip") == (
        201,
        "rejected",
    )
    assert anna.get(f"/api/v1{path}").json()["messages"][-1]["kind"] == "decision"
    assert error(anna, f"{path}/join") == (409, "not_in_overleg")


def test_a_confirmation_corrects_place_and_time(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    start, end = world.clock.now + timedelta(hours=3), world.clock.now + timedelta(hours=4)
    window = {"start": start.isoformat(), "end": end.isoformat()}
    assert judged(anna, signal, places=["ns:ZD"], window=window) == (201, "waiting_second")
    assert judged(bram, signal, reading=2) == (201, "confirmed")
    seen = bram.get(f"/api/v1/signals/{signal}").json()
    assert [place["id"] for place in seen["places"]] == ["ns:ZD"]
    assert seen["window_start"].startswith(start.isoformat()[:16])


@pytest.mark.parametrize(
    "more",
    [
        {"places": ["geen:plaats"]},
        {"verdict": "reject", "reason": "art", "places": [STATION]},
        {"window": {"start": "2026-11-23T10:00:00+01:00", "end": None}},
        {"window": {"start": "2036-11-23T10:00:00+01:00", "end": "2036-11-23T11:00:00+01:00"}},
        {"window": {"start": "2026-11-23T10:00:00", "end": "2026-11-23T11:00:00"}},
        {"until": "2026-11-23T10:00:00+01:00"},
        {"duiding": "x" * 5000},
    ],
)
def test_what_makes_no_sense_is_refused_and_stores_nothing(
    world: World, anna: Browser, more: dict[str, object]
) -> None:
    signal = world.add_signal()
    assert judged(anna, signal, **more)[0] == 422
    assert world.one("SELECT count(*) FROM assessments") == 0


def test_a_signal_is_parked_until_a_moment_extended_by_a_colleague_and_taken_up_again(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal()
    until = (world.clock.now + timedelta(days=2)).isoformat()
    assert judged(anna, signal, **{**PARK, "until": (world.clock.now + timedelta(days=15)).isoformat()}) == (
        409,
        "no_such_term",
    )
    assert judged(anna, signal, **{**PARK, "until": until}) == (201, "parked")
    term = anna.get(f"/api/v1/signals/{signal}").json()["term"]
    assert (term["extended"], term["until"] is not None) == (False, True)
    assert error(anna, f"/signals/{signal}/extension", {}) == (409, "needs_second_person")
    assert bram.call(f"/signals/{signal}/extension", {}).status_code == 204
    assert bram.get(f"/api/v1/signals/{signal}").json()["term"]["extended"]
    assert bram.call(f"/signals/{signal}/resume").json() == {"state": "new"}
    assert error(bram, f"/signals/{signal}/resume") == (409, "not_parked")


def test_a_signal_is_escalated_forwarded_withdrawn_and_closed(world: World, anna: Browser, bram: Browser) -> None:
    world.add_directory()
    world.add_signal("dringender")
    signal = world.add_signal()
    assert anna.call(f"/signals/{signal}/escalation", {"up": True}).status_code == 204
    first = anna.get("/api/v1/queue").json()["items"][0]
    assert (first["id"], first["escalated"]) == (str(signal), True)
    assert error(anna, f"/signals/{signal}/closing", {"outcome": "other"}) == (409, "not_to_close")
    judged(anna, signal)
    judged(bram, signal, reading=2)
    contact = next(
        row["contact_id"] for row in bram.get(f"/api/v1/signals/{signal}/proposals").json() if not row["hindrance"]
    )
    world.clock.pass_by(timedelta(seconds=61))
    sent = bram.call(f"/signals/{signal}/referrals", {"contact_ids": [contact]}).json()["referral_ids"]
    gone = bram.call(f"/signals/{signal}/withdrawal", {"reason": "over"})
    assert gone.json() == {"referral_ids": sent}
    assert bram.call(f"/signals/{signal}/withdrawal", {"reason": "over"}).json() == {"referral_ids": []}
    assert bram.call(f"/signals/{signal}/closing", {"outcome": "prevented"}).json() == {"state": "closed"}
    assert bram.get(f"/api/v1/signals/{signal}").json()["outcome"] == "prevented"


def test_every_unsafe_call_needs_the_token_and_an_expert_who_may_see_the_signal(world: World, anna: Browser) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    dunya, paths = world.signed_in("dunya"), anna.get("/openapi.json").json()["paths"]
    bodies = {
        "assessments": CONFIRM,
        "referrals": {"contact_ids": [str(signal)]},
        "undo": {"assessment_id": str(signal)},
        "overleg": {"words": "een vraag"},
        "messages": {"words": "een antwoord"},
        "closing": {"outcome": "other"},
        "withdrawal": {"reason": "over"},
        "escalation": {},
        "extension": {},
        "answer": {"words": "een antwoord"},
        "situation": {"key": str(signal), "words": "een bericht"},
        "correction": {
            "category": "weapon",
            "level": "concreet",
            "places": [],
            "window": {"start": None, "end": None},
        },
    }
    unsafe = [path for path, methods in paths.items() if path.startswith("/api/") and "post" in methods]
    assert len(unsafe) == 20
    for path in unsafe:
        at, body = re.sub(r"{\w+}", str(signal), path), bodies.get(path.rsplit("/", 1)[1])
        assert anna.client.post(at, json=body).status_code == 403, path
        answer = dunya.call(at.removeprefix("/api/v1"), body)
        assert answer.status_code == 404, f"{path}: who works at the school that is named sees no such signal"
    assert world.one("SELECT count(*) FROM signal_events") == 0
