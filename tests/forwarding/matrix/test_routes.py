"""Every route of the app as a recipient, also those that nobody has thought of yet: closed, unless it is named here."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from signals.referral import RecipientKind
from tests.forwarding.matrix.stage import KINDS, LINK, Stage
from tests.review_ui.world import Browser

OPEN = {
    ("GET", "/"): "leads to the portal",
    ("GET", "/portaal"): "the list",
    ("GET", "/portaal/ondersteuning"): "support for a school: what one asked or was asked, and nothing of a signal",
    ("GET", "/healthz"): "for a monitor",
    ("GET", "/readyz"): "for a monitor",
    ("GET", "/metrics"): "for a monitor: counts alone",
    ("GET", "/inloggen"): "for everybody",
    ("POST", "/inloggen"): "for everybody",
    ("POST", "/inloggen/toegangssleutel"): "for everybody",
    ("POST", "/inloggen/toegangssleutel/vraag"): "for everybody",
    ("POST", "/uitloggen"): "own session",
    ("POST", "/taal"): "own language",
    ("GET", "/api/v1/session"): "own name and token",
}
"""What a recipient reaches with an ordinary answer, and why. Pages to report something are open to everybody below."""
OPEN_ROOMS = ("/melden", "/tip", "/oefenruimte", "/toetsen", "/toegangssleutels")
"""Rooms for whoever is logged in, or for everybody: bringing a tip or an observation, practising on invented posts,
one's own passkeys."""
OWN = "/portaal/{referral_id}"
"""A recipient's own referral; the other recipients' are asked for here, and are not there."""
SHUT = frozenset({303, 401, 403, 404, 405})


def routes_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Every route with each of its methods."""

    def walk(routes: list[BaseRoute]) -> Iterator[APIRoute]:
        for route in routes:
            if isinstance(route, APIRoute):
                yield route
            elif (inside := getattr(route, "original_router", None)) is not None:
                yield from walk(inside.routes)

    for route in walk(app.routes):
        for method in sorted(route.methods or ()):
            yield method, route


def is_open(method: str, path: str) -> bool:
    """Whether a recipient may reach this route."""
    return (method, path) in OPEN or any(path == room or path.startswith(f"{room}/") for room in OPEN_ROOMS)


def leaks(stage: Stage, answer: str) -> list[str]:
    """Words of any signal that stand in an answer."""
    words = [LINK, "Sanne", "De Top", "Meerkoet"]
    for sent in stage.sent.values():
        words += [sent.fragment, sent.first, sent.second]
    return [word for word in words if word in answer]


@pytest.fixture(scope="module")
def outsider(stage: Stage) -> Browser:
    """A recipient to whom nothing was sent."""
    if "niets.gekregen" not in stage.contacts:
        stage.add("niets.gekregen", RecipientKind.SCHOOL)
    return stage.house.browser("niets.gekregen")


@pytest.mark.parametrize("kind", KINDS)
def test_every_other_route_of_the_app_is_closed_to_a_recipient(stage: Stage, kind: str) -> None:
    sent, browser = stage.sent["plain"], stage.house.browser(kind)
    somebody_else = next(referral for name, referral in sent.referrals.items() if name != kind)
    known = {
        "contact_id": stage.contacts["school"],
        "referral_id": somebody_else,
        "channel": "email",
        "maand": "2026-10",
    }
    asked, opened = 0, []
    for method, route in routes_of(stage.house.world.app):
        if is_open(method, route.path):
            continue
        path = route.path_format.format(**{name: known.get(name, sent.signal) for name in route.param_convertors})
        answer = browser.client.request(method, path, headers={"X-CSRF-Token": browser.csrf})
        shut = SHUT | {422} if route.path.startswith(OWN) else SHUT  # an empty form to the own room is no answer either
        if answer.status_code not in shut:
            opened.append((method, route.path, answer.status_code))
        assert leaks(stage, answer.text) == [], (method, route.path)
        assert "signaal" not in answer.headers.get("location", ""), (method, route.path)
        asked += 1
    assert opened == [], "open to a recipient and not named; a 422 wants a value for its parameter in `known`"
    assert asked > 60, "the list of routes is not what the app serves"


def test_what_is_open_to_everybody_logged_in_shows_no_word_of_any_signal(stage: Stage, outsider: Browser) -> None:
    for method, route in routes_of(stage.house.world.app):
        if method != "GET" or not is_open(method, route.path):
            continue
        path = route.path_format.format(**dict.fromkeys(route.param_convertors, stage.sent["plain"].signal))
        assert leaks(stage, outsider.get(path).text) == [], path


def test_nobody_logged_in_reaches_no_referral_at_all(stage: Stage) -> None:
    browser = stage.house.browser("school")
    browser.client.cookies.clear()
    for referral in (*stage.sent["plain"].referrals.values(), uuid4()):
        for method, path in (("GET", ""), ("POST", "/ontvangen"), ("POST", "/terugkoppeling"), ("POST", "/bronlink")):
            answer = browser.client.request(method, f"/portaal/{referral}{path}")
            assert answer.status_code in (303, 403), (method, path)
            assert leaks(stage, answer.text) == []


def test_a_supervisor_a_tuner_and_an_expert_have_no_portal(stage: Stage) -> None:
    for role in ("tuner", "order_approver", "fg", "board", "admin", "auditor", "expert"):
        name = f"zonder.portaal.{role}".replace("_", ".")
        if name not in stage.house.world.people:
            stage.house.world.add_person(name)
            with stage.owner() as owner:
                owner.execute("INSERT INTO user_roles VALUES (%s, %s)", (stage.house.world.people[name], role))
        browser = stage.house.browser(name)
        for referral in stage.sent["plain"].referrals.values():
            answer = browser.get(f"/portaal/{referral}")
            assert answer.status_code in (403, 404), role
            assert leaks(stage, answer.text) == [], role
