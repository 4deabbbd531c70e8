"""Following a tip by a code: off unless turned on, one of four words, nothing else, and no way to guess."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from collectors.tips_code import TipCodes
from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.connection import acting
from review_ui.report.wrong_codes import MOST_WRONG, WINDOW, WrongCodes
from signals.post import Post
from tests.review_ui.world import TEXT, Browser, World


@pytest.fixture
def coded(world: World) -> World:
    """The team's app with codes turned on."""
    dependencies = world.app.state.dependencies
    reporting = replace(dependencies.reporting, codes=TipCodes(b"c" * 32))
    world.app.state.dependencies = replace(dependencies, reporting=reporting)
    return world


@pytest.fixture
def tipster(coded: World) -> Browser:
    """A browser without an account."""
    return Browser(TestClient(coded.app, base_url="http://localhost", follow_redirects=False))


def handed_in(world: World) -> tuple[str, UUID]:
    """A tip and its code."""
    answered = world.signed_in("anna").post("/melden/tip", tekst=TEXT)
    code = re.search(r"<code[^>]*>([0-9A-Z-]+)</code>", answered.text)
    assert code is not None
    post = world.sink.posts[-1]
    assert isinstance(post, Post)
    return code[1], post.id


def word(browser: Browser, code: str) -> str:
    """The one word that the page shows."""
    page = browser.post("/tip/volgen", code=code)
    found = re.search(r'<p class="report__word"[^>]*>(.*?)</p>', page.text)
    return found[1] if found else ""


def in_queue(world: World, post: UUID, state: str) -> UUID:
    """The tip as a signal in a state."""
    signal = world.add_signal(source="tip")
    with world.owner() as owner:
        owner.execute("UPDATE sightings SET post_id = %s WHERE signal_id = %s", (post, signal))
        owner.execute("UPDATE signals SET state = %s WHERE id = %s", (state, signal))
    return signal


def test_without_the_setting_there_is_no_code_and_no_page(world: World) -> None:
    anna = world.signed_in("anna")
    assert anna.post("/melden/tip", tekst=TEXT).status_code == 303
    assert anna.get("/tip/volgen").status_code == 404
    assert anna.post("/tip/volgen", code="K7QM-4TRX-9PWD").status_code == 404
    assert world.one("SELECT count(*) FROM tip_codes") == 0


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("new", "Ontvangen"),
        ("waiting_second", "Wordt gelezen"),
        ("casusoverleg", "Wordt gelezen"),
        ("parked", "Wordt gelezen"),
        ("confirmed", "Beoordeeld"),
        ("rejected", "Beoordeeld"),
        ("closed", "Beoordeeld"),
        ("referred", "Doorgegeven"),
        ("expired", ""),
    ],
)
def test_a_code_shows_how_far_its_tip_is_in_one_word(coded: World, tipster: Browser, state: str, shown: str) -> None:
    code, post = handed_in(coded)
    assert word(tipster, code) == "Ontvangen", "also before it reached the queue"
    in_queue(coded, post, state)
    assert word(tipster, code.lower().replace("-", " ")) == shown


def test_a_signal_that_someone_has_open_is_being_read(coded: World, tipster: Browser) -> None:
    code, post = handed_in(coded)
    signal = in_queue(coded, post, "new")
    coded.signed_in("bram").post(f"/signaal/{signal}/oppakken")
    assert word(tipster, code) == "Wordt gelezen"


def test_the_page_shows_nothing_of_the_tip(coded: World, tipster: Browser) -> None:
    code, post = handed_in(coded)
    signal = in_queue(coded, post, "referred")
    page = tipster.post("/tip/volgen", code=code).text
    for hidden in (str(post), str(signal), "station", "Krommenie", "Anna", "acuut", code):
        assert hidden not in page


def test_only_a_keyed_hash_is_kept_and_no_person_beside_it(coded: World) -> None:
    code, post = handed_in(coded)
    with coded.owner() as owner:
        rows = owner.execute("SELECT * FROM tip_codes").fetchall()
        assert [description.name for description in owner.execute("SELECT * FROM tip_codes").description or ()] == [
            "code_hash",
            "post_id",
            "handed_in_at",
        ]
        assert rows[0][:2] == (TipCodes(b"c" * 32).hash(code), post)
        assert owner.execute("SELECT count(*) FROM trail WHERE payload LIKE %s", (f"%{code}%",)).fetchone() == (0,)


def test_the_web_server_cannot_list_codes_and_no_other_role_can_ask(coded: World) -> None:
    handed_in(coded)
    engine = coded.app.state.dependencies.engine
    with pytest.raises(ProgrammingError, match="permission denied"), acting(engine, None) as connection:
        connection.execute(text("SELECT * FROM seinpost.tip_codes"))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(engine, None, "seinpost_expert") as as_expert,
    ):
        as_expert.execute(text("SELECT seinpost.tip_progress('\\x00', now())"))


def test_wrong_codes_are_counted_and_then_even_a_right_one_has_to_wait(coded: World, tipster: Browser) -> None:
    code, _ = handed_in(coded)
    for number in range(MOST_WRONG):
        assert tipster.post("/tip/volgen", code=f"0000-0000-{number:04}").status_code == 404
    waiting = tipster.post("/tip/volgen", code=code)
    assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "900")
    coded.clock.pass_by(WINDOW)
    assert word(tipster, code) == "Ontvangen"


def test_one_network_counts_as_one_caller_and_memory_stays_bounded(
    monkeypatch: pytest.MonkeyPatch, coded: World
) -> None:
    now, wrong = coded.clock(), WrongCodes()
    for number in range(MOST_WRONG):
        wrong.note(f"2001:db8::{number:x}", now)
    assert wrong.too_many("2001:db8::ffff", now)
    assert not wrong.too_many("2001:db8:0:1::1", now)
    monkeypatch.setattr("review_ui.report.wrong_codes.MOST_CALLERS", 3)
    for number in range(9):
        wrong.note(f"192.0.2.{number}", now)
    assert not wrong.too_many("2001:db8::ffff", now)


def test_a_code_ends_after_28_days(coded: World, tipster: Browser, keys: KeyFolder) -> None:
    code, _ = handed_in(coded)
    engine, road = coded.database.engine_for("seinpost_retention"), coded.database.engine_for("seinpost_road")
    for days, left in ((27, 1), (28, 0)):
        forget(engine, road, keys, coded.clock() + timedelta(days=days))
        assert coded.one("SELECT count(*) FROM tip_codes") == left
    engine.dispose()
    road.dispose()
    assert word(tipster, code) == ""
