"""Where no text goes at all: the e-mail notice, what other systems are told, the event stream; and what is refused."""

import threading

import httpx
import pytest

from forwarding.channels.decisions import decision_of
from forwarding.channels.event import cloud_event
from forwarding.channels.message import compose
from pipeline.key_folder import KeyFolder
from pipeline.store.notices import claim_due
from review_ui.access.cookies import SESSION_COOKIE
from tests.review_ui.conftest import Site
from tests.review_ui.hostile.corpus import packs, sample
from tests.review_ui.hostile.stage import Stage
from tests.review_ui.world import World

FRAMES = {"retry: 3000", "event: queue", "data: changed", ": still here", ""}


def told_elsewhere(stage: Stage) -> tuple[bytes, ...]:
    """The e-mail that waits to be sent, and what a partner's system would be told."""
    world = stage.world
    engine = world.database.engine_for("seinpost_dispatch", pool_size=1)
    try:
        with engine.connect() as connection:
            (notice,) = claim_due(connection, world.clock())
            connection.rollback()
    finally:
        engine.dispose()
    mail = compose(notice, "seinpost@example.org", "http://localhost", world.clock())
    return (bytes(mail), decision_of(notice).model_dump_json().encode(), cloud_event(notice, "http://localhost"))


def test_the_notice_and_the_messages_for_other_systems_are_the_same_whatever_the_text(stage: Stage) -> None:
    stage.show(["een gewoon bericht"])
    with stage.world.owner() as owner:
        owner.execute("UPDATE referrals SET places = '{Krommenie}'")
    ordinary = told_elsewhere(stage)
    for pack in packs(sample(4), 4):
        stage.show([made.text for made in pack])
        with stage.world.owner() as owner:
            owner.execute("UPDATE referrals SET places = '{Krommenie}'")
        assert told_elsewhere(stage) == ordinary, pack[0].kind


def test_no_place_name_adds_a_line_to_the_head_of_the_notice(stage: Stage) -> None:
    stage.show(["een gewoon bericht"])
    ordinary = told_elsewhere(stage)[0]
    for pack in packs(sample(2), 4):
        stage.show([made.text for made in pack])
        head = told_elsewhere(stage)[0].split(b"\n\n", 1)[0]
        assert head == ordinary.split(b"\n\n", 1)[0], pack[0].kind


def test_the_event_stream_says_that_the_queue_changed_and_nothing_of_it(site: Site, keys: KeyFolder) -> None:
    stage = Stage(site.world, keys)
    lines: list[str] = []
    rung = threading.Event()
    token = site.world.signed_in("anna").client.cookies[SESSION_COOKIE]

    def listen() -> None:
        with httpx.stream("GET", f"{site.address}/queue/events", cookies={SESSION_COOKIE: token}, timeout=20) as stream:
            for line in stream.iter_lines():
                lines.append(line)
                if lines.count("data: changed") >= 3:
                    break
                if line:
                    rung.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert rung.wait(10)
    for pack in packs(sample(1), 4):
        if not listener.is_alive():
            break
        stage.show([made.text for made in pack])
        with site.world.owner() as owner:
            owner.execute("UPDATE signals SET changed_at = now()")
        listener.join(0.6)
    listener.join(10)
    stage.close()
    assert lines.count("data: changed") >= 3
    assert set(lines) <= FRAMES


@pytest.mark.parametrize("path", ["/tip/volgen", "/inloggen"])
def test_a_page_for_anyone_repeats_nothing_that_is_sent_to_it(world: World, path: str) -> None:
    browser = world.signed_in("anna")
    for made in sample(1):
        words = made.text[:40]
        answer = browser.client.post(path, data={"code": words, "username": words, "password": words, "csrf": words})
        assert answer.status_code < 500, made.kind
        assert "qz" not in answer.text, made.kind
        assert "qz" not in str(answer.headers), made.kind


def test_what_no_database_can_hold_is_refused_in_words_and_what_only_hides_is_left_out(world: World) -> None:
    anna = world.signed_in("anna")
    answer = anna.client.post(
        "/melden/tip",
        content=f"csrf={anna.csrf}&tekst=vanavond%00%ED%A0%80+steken%0D%0A%1B%5B31mbij+het+station".encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in {303, 422}
    for post in world.sink.posts:
        assert not set(getattr(post, "text", "")) & {"\x00", "\x1b", "\r"}
    raw = anna.client.post(
        "/api/v1/signals/00000000-0000-4000-8000-000000000000/assessments",
        content=b'{"reading":1,"verdict":"reject","reason":"art","category":"threat","level":"acuut",'
        b'"duiding":"\\ud800\\u0000"}',
        headers={"X-CSRF-Token": anna.csrf, "content-type": "application/json"},
    )
    assert raw.status_code in {404, 409, 422}
    signal = world.add_signal()
    for duiding in ("\x00", "a\x00b", "\x1b[2J"):
        judged = anna.judge(signal, "confirm:directed", 1, duiding=duiding)
        assert judged.status_code in {303, 409, 422}, f"{duiding!a}"
    for path in ("/werkvoorraad?plaats=a%00b", "/api/v1/queue?place=%00"):
        assert anna.get(path).status_code in {200, 422}, path
