"""Logging in with a passkey: making, using and removing one, what the database keeps, and what if it is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from sqlalchemy import text

from pipeline import retention
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.store import passkeys, sessions
from pipeline.store.connection import acting
from pipeline.store.passkeys import CHALLENGE_LIVES, MOST_PASSKEYS, NewPasskey
from pipeline.store.roles import ACTING_ROLES, SERVING_ROLES
from pipeline.store.sessions import FAILURE_WINDOW, FAILURES_ALLOWED
from pipeline.store.users import UserRole
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.access.passkeys import RelyingParty, registered
from tests.database import fresh
from tests.review_ui.conftest import Site
from tests.review_ui.passkey_device import HERE, Device, encoded
from tests.review_ui.world import PASSWORD, Browser, World, world_in

_EMPTIED = ("passkeys", "passkey_challenges", "web_sessions", "sign_in_failures", "trail")


@pytest.fixture(scope="module")
def house(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[World]:
    """One team for the whole file."""
    with fresh(postgres, keys) as database, world_in(database, keys) as made:
        made.add_person("coordinator", UserRole.RECIPIENT)
        yield made


@pytest.fixture
def world(house: World) -> World:
    """That team, before anybody was ever logged in."""
    with house.owner() as owner:
        for table in _EMPTIED:
            owner.execute(f"DELETE FROM {table}".encode())
        owner.execute("UPDATE users SET disabled_at = NULL")
    return house


PARTY = RelyingParty("localhost", HERE)
CHALLENGE = b"c" * 32


# Making, using and removing one ---------------------------------------------------------------------------------------


def asked_to_make(browser: Browser, name: str = "mijn telefoon", password: str = PASSWORD) -> Any:  # noqa: ANN401
    """The answer to a press on Maken."""
    fields = {"naam": name, "wachtwoord": password}
    return browser.client.post("/toegangssleutels/vraag", data=fields, headers={"X-CSRF-Token": browser.csrf})


def made(browser: Browser, name: str = "mijn telefoon") -> Device:
    """A device with a key that was made on the page."""
    device = Device()
    answered = browser.post("/toegangssleutels", sleutel=device.make(asked_to_make(browser, name).json()))
    assert answered.headers["location"] == "/toegangssleutels?gedaan=added"
    return device


def with_key(world: World, username: str = "anna", name: str = "mijn telefoon") -> Device:
    """The same without the page and its password, which takes its time."""
    device, me = Device(), world.people[username]
    new = registered(
        PARTY, device.make({"challenge": encoded(CHALLENGE), "user": {"id": encoded(me.bytes)}}), CHALLENGE
    )
    with acting(world.app.state.dependencies.engine, me) as connection:
        passkeys.add(connection, me, name, new, world.clock())
    return device


class Stranger:
    """A browser at the log-in page."""

    def __init__(self, world: World) -> None:
        self.client = TestClient(world.app, base_url="http://localhost", follow_redirects=False)

    def asked(self) -> dict[str, Any]:
        """What a press on the button gets."""
        page = self.client.get("/inloggen?verder=/melden")
        self.token = page.text.split('name="csrf" value="')[1].split('"')[0]
        answered = self.client.post("/inloggen/toegangssleutel/vraag", headers={"X-CSRF-Token": self.token})
        assert answered.status_code == 200
        return answered.json()  # type: ignore[no-any-return]

    def hand_in(self, answer: str) -> tuple[int, str]:
        """Status and page (or where it leads) for an answer of a device."""
        sent = {"csrf": self.token, "verder": "/melden", "sleutel": answer}
        told = self.client.post("/inloggen/toegangssleutel", data=sent)
        self.token = told.text.split('name="csrf" value="')[1].split('"')[0] if told.status_code == 403 else ""
        return told.status_code, told.headers.get("location", told.text)

    def sign_in(self, device: Device) -> tuple[int, str]:
        """Press, touch, and what came of it."""
        return self.hand_in(device.sign(self.asked()))


def by_password(world: World) -> int:
    """The answer to Anna's name and password."""
    return Browser(Stranger(world).client).sign_in("anna").status_code


REFUSED = "Inloggen met deze toegangssleutel is niet gelukt."


def lines(world: World) -> list[list[Any]]:
    """The trail: actor, action, subject kind, subject, detail of every line."""
    with world.owner() as owner:
        return [json.loads(payload)[2:] for (payload,) in owner.execute("SELECT payload FROM trail ORDER BY seq")]


def test_a_passkey_logs_its_owner_in_without_a_name_and_leads_on_where_they_were_going(
    world: World, anna: Browser
) -> None:
    device = made(anna)
    stranger = Stranger(world)
    assert "anna" not in json.dumps(stranger.asked()), "nobody is named before the key is shown"
    assert stranger.sign_in(device) == (303, "/melden")
    assert stranger.client.get("/api/v1/session").json()["display_name"] == "Anna"
    assert "laatst gebruikt: vandaag" in anna.get("/toegangssleutels").text
    me = str(world.people["anna"])
    told = lines(world)
    key = str(world.one("SELECT id FROM passkeys"))
    assert told == [[me, "passkey_added", "passkey", key, {}], [me, "signed_in", "user", me, {"with": "passkey"}]]


def test_a_key_is_made_for_its_user_alone_asks_for_finger_face_or_code_and_no_brand(
    world: World, anna: Browser
) -> None:
    asked = asked_to_make(anna).json()
    assert asked["user"]["id"] == encoded(world.people["anna"].bytes)
    assert asked["rp"]["id"] == "localhost"
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    device = with_key(world)
    assert [known["id"] for known in asked_to_make(anna).json()["excludeCredentials"]] == [
        encoded(device.credential_id)
    ]
    assert Stranger(world).asked()["userVerification"] == "required"


def test_making_one_takes_the_password_again_and_five_wrong_ones_make_it_wait(world: World, anna: Browser) -> None:
    with acting(world.app.state.dependencies.engine, None) as connection:
        for _ in range(FAILURES_ALLOWED - 1):
            sessions.note_failure(connection, "anna", world.clock())
    assert asked_to_make(anna, password="fout").json() == {"problem": "password"}
    assert asked_to_make(anna).json() == {"problem": "locked"}
    world.clock.pass_by(FAILURE_WINDOW)
    assert asked_to_make(anna).status_code == 200
    for name in ("", "  ", "n" * 41, "een\x07bel"):
        assert asked_to_make(anna, name=name).json() == {"problem": "name"}
    without_token = anna.client.post("/toegangssleutels/vraag", data={"naam": "x", "wachtwoord": PASSWORD})
    assert without_token.status_code == 403


def test_a_challenge_is_answered_once_in_time_by_the_browser_that_got_it(
    world: World, anna: Browser, bram: Browser
) -> None:
    first, second = Device(), Device()
    asked = asked_to_make(anna).json()
    bram.post("/toegangssleutels", sleutel=Device().make(asked))
    assert anna.post("/toegangssleutels", sleutel=first.make(asked)).status_code == 303
    assert anna.post("/toegangssleutels", sleutel=second.make(asked)).status_code == 403
    late = asked_to_make(anna).json()
    world.clock.pass_by(CHALLENGE_LIVES)
    assert anna.post("/toegangssleutels", sleutel=second.make(late)).status_code == 403
    assert world.one("SELECT count(*) FROM passkeys") == 1

    stranger, other = Stranger(world), Stranger(world)
    asked = stranger.asked()
    other.asked()
    assert REFUSED in other.hand_in(first.sign(asked))[1]
    answer = first.sign(asked)
    assert stranger.hand_in(answer)[0] == 303
    stranger.client.cookies.delete(SESSION_COOKIE)
    stranger.asked()
    assert REFUSED in stranger.hand_in(answer)[1], "the same answer a second time"
    asked = stranger.asked()
    world.clock.pass_by(CHALLENGE_LIVES)
    assert REFUSED in stranger.hand_in(first.sign(asked))[1]


def test_an_unknown_or_removed_key_and_one_of_somebody_shut_out_get_the_same_answer(
    world: World, anna: Browser
) -> None:
    kept, removed, unknown = with_key(world), with_key(world, name="oud"), Device()
    unknown.handle = kept.handle
    old = world.one("SELECT id FROM passkeys WHERE name = 'oud'")
    assert ">oud<" in anna.get("/toegangssleutels").text
    anna.post(f"/toegangssleutels/{old}/verwijderen")
    assert ">oud<" not in anna.get("/toegangssleutels").text
    told = [Stranger(world).sign_in(removed), Stranger(world).sign_in(unknown)]
    with world.owner() as owner:
        owner.execute("UPDATE users SET disabled_at = now() WHERE username = 'anna'")
    told.append(Stranger(world).sign_in(kept))
    assert [(status, REFUSED in page) for status, page in told] == [(403, True)] * 3


def test_a_count_that_goes_back_stops_the_key_ends_its_owners_sessions_and_stands_on_the_trail(
    world: World, anna: Browser, bram: Browser
) -> None:
    device = with_key(world)
    device.count = 6
    assert Stranger(world).sign_in(device)[0] == 303
    device.count = 3
    assert REFUSED in Stranger(world).sign_in(device)[1]
    key, me = str(world.one("SELECT id FROM passkeys")), str(world.people["anna"])
    assert lines(world)[-1] == ["seinpost_web", "passkey_perhaps_copied", "passkey", key, {"user": me}]
    assert anna.get("/melden").status_code == 303
    assert bram.get("/melden").status_code == 200
    device.count = 20
    assert REFUSED in Stranger(world).sign_in(device)[1], "stopped is stopped, for the copy as well"
    assert len(lines(world)) == 2, "one alarm"
    assert "Stilgezet" in world.signed_in("anna").get("/toegangssleutels").text


def test_a_count_that_goes_back_without_a_good_signature_stops_nothing(world: World, anna: Browser) -> None:
    device, thief = with_key(world), Device()
    device.count = 6
    assert Stranger(world).sign_in(device)[0] == 303
    thief.credential_id, thief.handle = device.credential_id, device.handle
    assert REFUSED in Stranger(world).sign_in(thief)[1]
    assert Stranger(world).sign_in(device)[0] == 303


def test_a_device_that_does_not_count_logs_in_again_and_again(world: World, anna: Browser) -> None:
    device = with_key(world)
    for _ in range(2):
        device.count = -1  # the device adds one
        assert Stranger(world).sign_in(device)[0] == 303


def test_after_five_failures_a_key_has_to_wait_and_the_password_does_not(world: World, anna: Browser) -> None:
    device, thief = with_key(world), Device()
    thief.credential_id, thief.handle = device.credential_id, device.handle
    for _ in range(FAILURES_ALLOWED):
        assert REFUSED in Stranger(world).sign_in(thief)[1]
    assert "Te vaak geprobeerd met deze toegangssleutel" in Stranger(world).sign_in(device)[1]
    assert by_password(world) == 303
    world.clock.pass_by(FAILURE_WINDOW)
    assert Stranger(world).sign_in(device)[0] == 303


def test_removing_a_key_logs_out_everywhere_else_and_the_password_stays_the_way_in(world: World, anna: Browser) -> None:
    device = with_key(world)
    thief = Stranger(world)
    thief.sign_in(device)
    key = world.one("SELECT id FROM passkeys")
    bram = world.signed_in("bram")
    bram.post(f"/toegangssleutels/{key}/verwijderen")
    assert thief.client.get("/melden").status_code == 200, "one removes only one's own"
    anna.post(f"/toegangssleutels/{key}/verwijderen")
    assert thief.client.get("/melden").status_code == 303
    assert anna.get("/melden").status_code == 200
    assert [line[1] for line in lines(world)][-1] == "passkey_removed"
    assert by_password(world) == 303


def test_nobody_has_more_than_five_and_a_key_is_of_one_person(world: World, anna: Browser, bram: Browser) -> None:
    device = with_key(world)
    asked = asked_to_make(bram).json()
    theirs = Device()
    theirs.credential_id = device.credential_id
    assert "heeft al een toegangssleutel" in bram.post("/toegangssleutels", sleutel=theirs.make(asked)).text
    for number in range(1, MOST_PASSKEYS - 1):
        with_key(world, name=f"toestel {number}")
    asked = asked_to_make(anna).json()
    engine = world.app.state.dependencies.engine
    with acting(engine, world.people["anna"]) as connection:
        passkeys.add(connection, world.people["anna"], "net eerder", NewPasskey(b"x", b"x", 0), world.clock())
    assert "U heeft er vijf" in anna.post("/toegangssleutels", sleutel=Device().make(asked)).text
    assert asked_to_make(anna).json() == {"problem": "full"}
    assert 'data-passkey="create"' not in anna.get("/toegangssleutels").text


def test_a_flood_of_challenges_ends_and_the_password_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST_CHALLENGES", 3)
    for _ in range(3):
        Stranger(world).asked()
    stranger = Stranger(world)
    page = stranger.client.get("/inloggen").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    told = stranger.client.post("/inloggen/toegangssleutel/vraag", headers={"X-CSRF-Token": token})
    assert (told.status_code, told.json()) == (429, {"problem": "busy"})
    world.clock.pass_by(CHALLENGE_LIVES)
    stranger.asked()


def test_where_browsers_allow_no_passkeys_the_pages_say_so_and_offer_none(world: World, anna: Browser) -> None:
    given = world.app.state.dependencies
    world.app.state.dependencies = replace(given, base_url="http://seinpost.example.org")
    assert "niet beveiligd met https" in anna.get("/toegangssleutels").text
    assert asked_to_make(anna).status_code == 404
    assert "toegangssleutel" not in Stranger(world).client.get("/inloggen").text
    world.app.state.dependencies = given


def test_without_a_script_the_password_is_the_way_in_and_keys_can_be_seen_and_removed(
    world: World, anna: Browser
) -> None:
    with_key(world)
    page = anna.get("/toegangssleutels").text
    assert "heeft u een browser nodig met JavaScript" in page
    assert "hidden data-passkey=" in page
    assert "/verwijderen" in page
    assert "data-passkey-part hidden" in Stranger(world).client.get("/inloggen").text


# What the database keeps, and for whom --------------------------------------------------------------------------------


def as_role(world: World, role: str, user: UUID | None = None) -> psycopg.Connection:
    """A connection of its own in a role, for a user, as somebody with a console would have it."""
    login = "seinpost_web" if role in ACTING_ROLES else role
    url = world.database.url.set(drivername="postgresql", username=login, password=world.database.password(login))
    connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
    connection.execute("SELECT set_config('role', %s, false)", (role,))
    connection.execute("SELECT set_config('seinpost.user_id', %s, false)", (str(user) if user else "",))
    return connection


def test_only_the_role_that_signs_in_reads_keys_and_challenges(world: World, anna: Browser) -> None:
    with_key(world)
    Stranger(world).asked()
    wanted = [
        f"SELECT {column} FROM seinpost.passkeys" for column in ("id", "credential_id", "public_key", "sign_count")
    ]
    wanted += [f"SELECT {column} FROM seinpost.passkey_challenges" for column in ("holder", "challenge")]
    answered = set()
    for role in (*SERVING_ROLES, *ACTING_ROLES):
        with as_role(world, role, world.people["anna"]) as connection:
            for ask in wanted:
                try:
                    answered |= {(role, ask) for _ in connection.execute(ask.encode())}
                except psycopg.errors.InsufficientPrivilege:
                    continue
    assert answered == {("seinpost_web", ask) for ask in wanted}


def test_for_somebody_who_is_signed_in_there_are_only_their_own_keys(
    world: World, anna: Browser, bram: Browser
) -> None:
    with_key(world)
    with_key(world, "bram")
    me, colleague = world.people["anna"], world.people["bram"]
    with as_role(world, "seinpost_web", me) as web:
        assert web.execute("SELECT user_id FROM seinpost.passkeys").fetchall() == [(me,)]
        assert web.execute("DELETE FROM seinpost.passkeys WHERE user_id = %s", (colleague,)).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            web.execute(
                "INSERT INTO seinpost.passkeys (user_id, place, name, credential_id, public_key, sign_count, added_at)"
                " VALUES (%s, 2, 'x', 'x', 'x', 0, now())",
                (colleague,),
            )
        assert web.execute("UPDATE seinpost.passkeys SET stopped_at = now()").rowcount == 0
    with as_role(world, "seinpost_web") as web:
        assert web.execute("DELETE FROM seinpost.passkeys").rowcount == 0, "nobody removes one but its owner"
        for change in ("public_key = 'x'", f"user_id = '{me}'", "credential_id = 'x'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"UPDATE seinpost.passkeys SET {change}".encode())


def test_a_count_never_goes_back_and_stopped_stays_stopped_whoever_writes(world: World, anna: Browser) -> None:
    with_key(world)
    with world.owner() as owner:
        owner.execute("UPDATE passkeys SET sign_count = 5")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("UPDATE passkeys SET sign_count = 4")
        owner.execute("UPDATE passkeys SET stopped_at = now()")
        for change in ("stopped_at = NULL", "sign_count = 9"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(f"UPDATE passkeys SET {change}".encode())


def test_keys_challenges_and_sessions_are_found_by_an_index(world: World) -> None:
    with as_role(world, "seinpost_web", world.people["anna"]) as web:
        web.execute("SET enable_seqscan = off")
        for ask, index in (
            ("SELECT 1 FROM seinpost.passkeys WHERE credential_id = 'x'", "passkeys_credential_id_key"),
            ("SELECT 1 FROM seinpost.passkeys WHERE user_id = seinpost.acting_user()", "passkeys_user_id_place_key"),
            ("DELETE FROM seinpost.passkey_challenges WHERE expires_at < now()", "passkey_challenges_expiry"),
            ("DELETE FROM seinpost.web_sessions WHERE user_id = seinpost.acting_user()", "web_sessions_user"),
        ):
            plan = "\n".join(row[0] for row in web.execute(f"EXPLAIN {ask}".encode()))
            assert index in plan


def test_challenges_that_nobody_answered_are_forgotten(world: World) -> None:
    Stranger(world).asked()
    engine = world.database.engine_for("seinpost_retention", pool_size=1)
    rule = next(rule for rule in retention.RULES if rule.name == "passkey_challenges")
    for moment, left in ((world.clock.now, 1), (world.clock.now + CHALLENGE_LIVES, 0)):
        with engine.begin() as connection:
            connection.execute(text(rule.statement), {"due": moment - rule.keep, "now": moment})
        assert world.one("SELECT count(*) FROM passkey_challenges") == left
    engine.dispose()


# In a real browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_in_a_browser_a_coordinator_makes_a_passkey_and_logs_in_with_it(site: Site) -> None:
    address = f"http://localhost:{urlsplit(site.address).port}"
    site.world.app.state.dependencies = replace(site.world.app.state.dependencies, base_url=site.address)
    page = site.page()
    page.goto("/inloggen")
    expect(page.get_by_text("logt u in op het vaste adres")).to_be_visible()
    expect(page.get_by_role("button", name="Verder met")).to_have_count(0)

    page.goto(f"{address}/inloggen")
    expect(page.get_by_role("button", name="Verder met een toegangssleutel")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    number = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )["authenticatorId"]
    page.get_by_label("Naam").fill("coordinator")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("link", name="Coordinator").click()
    expect(page.get_by_label("Hoe noemt u dit toestel?")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Hoe noemt u dit toestel?").fill("mijn telefoon")
    page.get_by_label("Typ uw wachtwoord").fill("niet mijn wachtwoord")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("Dit is niet uw wachtwoord.")).to_be_visible()
    page.get_by_label("Typ uw wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("Uw toegangssleutel is gemaakt.")).to_be_visible()
    (held,) = device.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert held["isResidentCredential"]
    assert held["rpId"] == "localhost"

    page.get_by_role("button", name="Uitloggen").click()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.get_by_role("button", name="Verder met een toegangssleutel").press("Enter")
    expect(page.get_by_text("U bent gestopt, of het duurde te lang.")).to_be_visible()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": True})
    page.get_by_role("button", name="Verder met een toegangssleutel").press("Enter")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    assert page.url == f"{address}/portaal"
    # The browser itself tells of the answer 403 to the wrong password.
    assert [line for line in page.problems if "403" not in line] == []  # type: ignore[attr-defined]
