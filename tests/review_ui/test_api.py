"""The JSON API and the health checks: the pages' own functions behind stable addresses."""

from tests.review_ui.world import World


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
