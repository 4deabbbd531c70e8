"""Sharing from a phone: half a tip, filled in for a professional to look at, never sent by itself, never a photo."""

import re

import httpx
import pytest
from fastapi.testclient import TestClient

from signals.post import Post
from tests.review_ui.world import PASSWORD, Browser, World

WORDS = "kom vanavond allemaal\nnaar het plein"
PHOTO = ("bestand", ("IMG_1.jpg", b"\xff\xd8\xff" + b"\0geheim-beeld" * 1000, "image/jpeg"))


def share(client: httpx.Client, *files: object, **fields: str) -> httpx.Response:
    """Share as a phone does: always multipart, also without a file."""
    parts = [(name, (None, value)) for name, value in fields.items()]
    return client.post("/melden/deel", files=[*parts, *files])  # type: ignore[list-item]


def stranger(world: World) -> Browser:
    return Browser(TestClient(world.app, base_url="http://localhost", follow_redirects=False))


def field(page: str, name: str) -> str:
    """What a field of a page holds."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', page, re.S) or re.search(
        rf'name="{name}"[^>]* value="([^"]*)"', page
    )
    assert found is not None
    return found[1]


def test_shared_words_and_link_stand_in_the_form_and_nothing_is_handed_in(world: World) -> None:
    answered = share(world.signed_in("anna").client, title="", text=f"{WORDS} https://p.example.org/1", url="")
    assert answered.status_code == 200
    assert (field(answered.text, "tekst"), field(answered.text, "link")) == (WORDS, "https://p.example.org/1")
    assert world.sink.posts == []


def test_a_share_survives_the_log_in_also_after_a_wrong_password(world: World) -> None:
    browser = stranger(world)
    page = share(browser.client, text=WORDS, url="https://p.example.org/1").text
    for password, status in (("helemaal fout wachtwoord", 403), (PASSWORD, 200)):
        sent = {name: field(page, name) for name in ("csrf", "verder", "tekst", "link")}
        answered = browser.client.post("/inloggen", data={**sent, "username": "anna", "password": password})
        assert answered.status_code == status
        page = answered.text
    assert (field(page, "tekst"), field(page, "link")) == (WORDS, "https://p.example.org/1")
    sent = {name: field(page, name) for name in ("csrf", "tekst", "link")}
    assert browser.client.post("/melden/tip", data=sent).headers["location"] == "/melden?gedaan=reported"
    (post,) = world.sink.posts
    assert isinstance(post, Post)
    assert post.text == WORDS


@pytest.mark.parametrize(("path", "name"), [("/melden/tip", "tekst"), ("/melden/waarneming", "wat")])
def test_what_was_typed_survives_a_session_that_ended_meanwhile(world: World, path: str, name: str) -> None:
    browser = world.signed_in("anna")
    browser.client.cookies.clear()
    page = browser.post(path, **{name: WORDS})
    assert page.status_code == 200
    assert field(page.text, name) == WORDS
    assert world.sink.posts == []


@pytest.mark.parametrize("who", ["anna", None])
def test_a_shared_photo_is_refused_with_what_to_do_instead(world: World, who: str | None) -> None:
    client = world.signed_in(who).client if who else stranger(world).client
    refused = share(client, PHOTO, text="")
    assert refused.status_code == 422
    assert "nemen wij niet aan" in refused.text
    assert "Typ over wat er staat" in refused.text
    assert "geheim-beeld" not in refused.text
    assert world.sink.posts == []


def test_words_that_came_with_a_photo_are_kept(world: World) -> None:
    refused = share(world.signed_in("anna").client, PHOTO, text=WORDS)
    assert "nemen wij niet aan" in refused.text
    assert field(refused.text, "tekst") == WORDS


@pytest.mark.parametrize("path", ["/melden/tip", "/melden/waarneming"])
def test_a_file_sent_to_a_form_is_refused_with_what_to_do_instead(world: World, path: str) -> None:
    anna = world.signed_in("anna")
    text = {"tekst": WORDS, "wat": WORDS, "waar": "het plein", "wanneer": "nu"}
    refused = anna.client.post(path, data={"csrf": anna.csrf, **text}, files=[PHOTO])
    assert refused.status_code == 422
    assert "nemen wij niet aan" in refused.text
    assert WORDS in refused.text
    assert world.sink.posts == []


def test_a_film_as_long_as_an_evening_is_taken_in_without_being_kept(world: World) -> None:
    film = ("bestand", ("avond.mp4", b"\0" * 30_000_000, "video/mp4"))
    assert "nemen wij niet aan" in share(world.signed_in("anna").client, film).text


def test_too_long_a_share_shows_its_beginning_and_says_so(world: World) -> None:
    answered = share(world.signed_in("anna").client, text="w" * 300_000)
    assert field(answered.text, "tekst") == "w" * 5_000
    assert "te lang" in answered.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf',
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        b"geen deel\r\n" * 50,
    ],
)
def test_a_broken_share_ends_in_an_empty_form_or_the_log_in(world: World, body: bytes) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert world.signed_in("anna").client.post("/melden/deel", content=body, headers=kind).status_code == 200
    assert stranger(world).client.post("/melden/deel", content=body, headers=kind).status_code in (200, 303)


def test_a_hand_in_needs_the_token_of_our_own_page(world: World) -> None:
    anna = world.signed_in("anna")
    assert anna.client.post("/melden/tip", data={"tekst": WORDS}).status_code == 403
    assert anna.client.post("/melden/plaatsen", data={"waar": "zaan"}).status_code == 403
    assert world.sink.posts == []
