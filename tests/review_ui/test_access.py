"""Signing in: one answer for every failure, a fresh cookie, a token on every form, and an end to idle sessions."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from pipeline.store import users
from pipeline.store.connection import acting
from pipeline.store.sessions import FAILURE_WINDOW, FAILURES_ALLOWED, IDLE, LONGEST
from pipeline.store.users import UserRole
from review_ui.access.cookies import SESSION_COOKIE
from tests.review_ui.world import PASSWORD, SCHOOL, Browser, World


def fresh(world: World) -> Browser:
    """A browser that nobody logged in with."""
    return Browser(TestClient(world.app, base_url="http://localhost", follow_redirects=False))


def test_whoever_is_not_signed_in_is_led_to_the_log_in_page_and_on_from_there(world: World) -> None:
    browser = fresh(world)
    led = browser.get("/werkvoorraad")
    assert (led.status_code, led.headers["location"]) == (303, "/inloggen?verder=/werkvoorraad")
    assert browser.get("/api/v1/queue").status_code == 401


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(world: World) -> None:
    answers = [fresh(world).sign_in(name, "helemaal niet het wachtwoord") for name in ("anna", "niemand")]
    assert [answer.status_code for answer in answers] == [403, 403]
    shown = [answer.text.split("<h1")[1].split('name="csrf"')[0] for answer in answers]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", ["anna", "niemand"])
def test_after_five_failures_a_name_has_to_wait_whether_or_not_it_exists(world: World, name: str) -> None:
    for _ in range(FAILURES_ALLOWED):
        assert "Te vaak" not in fresh(world).sign_in(name, "fout fout fout").text
    assert "Te vaak" in fresh(world).sign_in(name, PASSWORD).text
    world.clock.pass_by(FAILURE_WINDOW * 2)
    assert fresh(world).sign_in(name, PASSWORD).status_code == (303 if name == "anna" else 403)


def test_logging_in_gives_a_new_cookie_and_ends_the_old_session(world: World) -> None:
    browser = world.signed_in("anna")
    before = browser.client.cookies[SESSION_COOKIE]
    browser.client.cookies.delete(SESSION_COOKIE)
    browser.client.cookies.set(SESSION_COOKIE, "planted")
    browser.client.cookies.delete(SESSION_COOKIE)
    browser.sign_in("anna")
    assert browser.client.cookies[SESSION_COOKIE] not in {before, "planted"}


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    answered = fresh(world).sign_in("anna")
    cookie = next(line for line in answered.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_an_idle_session_ends_and_no_session_outlives_its_day(world: World) -> None:
    browser = world.signed_in("anna")
    world.clock.pass_by(IDLE - timedelta(minutes=1))
    assert browser.get("/werkvoorraad").status_code == 200
    world.clock.pass_by(IDLE + timedelta(minutes=1))
    assert browser.get("/werkvoorraad").status_code == 303
    browser = world.signed_in("anna")
    for _ in range(int(LONGEST / timedelta(minutes=30))):
        world.clock.pass_by(timedelta(minutes=30))
        browser.get("/werkvoorraad")
    assert browser.get("/werkvoorraad").status_code == 303


def test_logging_out_ends_the_session_in_the_database_too(world: World) -> None:
    browser = world.signed_in("anna")
    token = browser.client.cookies[SESSION_COOKIE]
    assert browser.post("/uitloggen").status_code == 303
    browser.client.cookies.set(SESSION_COOKIE, token)
    assert browser.get("/werkvoorraad").status_code == 303


def test_a_disabled_user_is_out_at_once(world: World) -> None:
    browser = world.signed_in("anna")
    with world.owner() as owner:
        owner.execute("UPDATE users SET disabled_at = now() WHERE username = 'anna'")
    assert browser.get("/werkvoorraad").status_code == 303
    assert fresh(world).sign_in("anna").status_code == 403


@pytest.mark.parametrize("path", ["oppakken", "vrijgeven", "hartslag", "oordeel", "doorzetten", "plaatsbericht"])
def test_a_form_without_our_token_changes_nothing(world: World, path: str) -> None:
    signal = world.add_signal()
    browser = world.signed_in("anna")
    sent = {"csrf": "geraden", "keuze": "reject:art", "lezing": "1", "soort": "threat", "niveau": "acuut"}
    refused = browser.client.post(f"/signaal/{signal}/{path}", data=sent)
    assert refused.status_code == 403
    assert world.state_of(signal) == "new"
    assert world.one("SELECT count(*) FROM claims") == 0


def test_a_request_from_another_site_is_refused_even_with_the_token(world: World) -> None:
    browser = world.signed_in("anna")
    refused = browser.client.post("/uitloggen", data={"csrf": browser.csrf}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert browser.get("/werkvoorraad").status_code == 200


def test_every_answer_carries_a_policy_that_keeps_scripts_and_frames_out(world: World) -> None:
    browser = world.signed_in("anna")
    for path in ("/werkvoorraad", "/bestaat-niet", "/api/v1/queue", "/healthz", "/static/theme.css"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_only_experts_enter_the_queue(world: World) -> None:
    world.add_person("emma", UserRole.RECIPIENT)
    browser = world.signed_in("emma")
    assert browser.get("/werkvoorraad").status_code == 403
    assert browser.get("/api/v1/queue").status_code == 403
    assert browser.get("/").headers["location"] == "/portaal"


def test_someone_with_two_roles_chooses_a_room(world: World) -> None:
    page = world.signed_in("dunya").get("/")
    assert "/werkvoorraad" in page.text
    assert "/portaal" in page.text


def test_a_log_in_never_leads_to_another_site(world: World) -> None:
    browser = fresh(world)
    page = browser.get("/inloggen?verder=//elders.example").text
    assert "elders.example" not in page


def test_a_password_is_kept_as_an_argon2_hash_and_a_short_one_is_refused(world: World) -> None:
    assert str(world.one("SELECT password_hash FROM users WHERE username = 'anna'")).startswith("$argon2id$")
    engine = world.app.state.dependencies.engine
    with acting(engine, None) as connection:
        assert users.verify_password(connection, "anna", PASSWORD) == world.people["anna"]
    with pytest.raises(users.PasswordTooShort), acting(engine, None) as connection:
        users.create(connection, users.NewUser("kort", "Kort", "lezer-k", "te kort", ()))


def test_the_language_is_the_readers_own_choice(world: World) -> None:
    browser = world.signed_in("anna")
    assert '<html lang="nl"' in browser.get("/werkvoorraad").text
    browser.post("/taal", taal="en", terug="/werkvoorraad")
    page = browser.get("/werkvoorraad").text
    assert '<html lang="en"' in page
    assert "Nothing to read." in page


def test_a_school_role_attaches_its_user(world: World) -> None:
    assert (
        world.one("SELECT scope_id FROM user_roles WHERE user_id = %s AND role = 'recipient'", world.people["dunya"])
        == SCHOOL
    )
