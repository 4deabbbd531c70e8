"""What changed since a reader last saw a signal: to that reader alone; an edit word for word."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import text

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import acting
from pipeline.store.texts import forget_due_texts
from review_ui.signal.changed import Kind, edited
from tests.review_ui.conftest import Site
from tests.review_ui.world import World
from tests.road.arriving import Road

FIRST, SECOND = "straks steken bij de brug", "straks steken bij het station"


@pytest.fixture
def road(world: World, keys: KeyFolder) -> Iterator[Road]:
    made = Road(world.database, keys, world.clock)
    yield made
    made.close()


def test_an_edit_is_shown_word_by_word_and_an_equal_text_or_an_endless_one_is_not() -> None:
    assert [(piece.kind, piece.text) for piece in edited("ik kom om drie uur", "ik kom om vier uur")] == [
        (Kind.SAME, "ik kom om "),
        (Kind.GONE, "drie"),
        (Kind.ADDED, "vier"),
        (Kind.SAME, " uur"),
    ]
    assert edited("ik  kom", "ik kom") == ()
    assert edited("a " * 2000, "b " * 2000) == ()


def test_more_sightings_and_a_deletion_are_told_to_the_reader_who_saw_fewer(world: World, road: Road) -> None:
    road.brings(road.maker.post("a", FIRST))
    (signal,) = road.signals()
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    anna.post(f"/signaal/{signal}/oppakken")
    assert "Nieuw sinds u dit las" not in anna.get(f"/signaal/{signal}").text, "seen for the first time"
    anna.post(f"/signaal/{signal}/vrijgeven")
    world.clock.pass_by(timedelta(minutes=5))
    road.brings(road.maker.post("b", FIRST), road.maker.post("c", FIRST))
    for _ in range(2):
        assert "2 keer vaker gezien" in anna.get(f"/signaal/{signal}").text, "looking alone forgets nothing"
    anna.post(f"/signaal/{signal}/oppakken")
    assert "2 keer vaker gezien" in anna.get(f"/signaal/{signal}").text, "taking it shows what is new since before"
    assert "Nieuw sinds u dit las" not in bram.get(f"/signaal/{signal}").text
    world.clock.pass_by(timedelta(minutes=1))
    road.brings(*(road.maker.removed(native, 2) for native in "abc"))
    page = anna.get(f"/signaal/{signal}").text
    assert "verwijderd bij de bron" in page
    assert "3 keer vaker" not in page


def test_an_edited_post_shows_both_versions_while_the_first_one_is_still_kept(world: World, road: Road) -> None:
    road.brings(road.maker.post("a", FIRST))
    anna = world.signed_in("anna")
    anna.post(f"/signaal/{road.signals()[0]}/oppakken")
    world.clock.pass_by(timedelta(minutes=2))
    road.brings(road.maker.post("a", SECOND, 2))
    old, new = road.signals()
    before, after = anna.get(f"/signaal/{old}").text, anna.get(f"/signaal/{new}").text
    for page, other in ((before, new), (after, old)):
        assert f'href="/signaal/{other}"' in page
        assert '<del class="edit__gone"><small class="visually-hidden">weg: </small>de</del>' in page
        assert '<ins class="edit__added"><small class="visually-hidden">erbij: </small>het</ins>' in page
    assert "U leest de tekst van daarvoor." in before
    anna.post(f"/signaal/{old}/vrijgeven")
    in_transaction(road.engine, lambda connection: forget_due_texts(connection, world.clock() + timedelta(hours=25)))
    assert "edit__gone" not in anna.get(f"/signaal/{new}").text, "a forgotten text is shown nowhere"


def test_an_edit_is_shown_beside_the_signals_own_words_and_not_beside_who_passed_them_on(
    world: World, road: Road
) -> None:
    post = road.maker.post
    road.brings(post("a", FIRST), post("c", FIRST), post("b", f"RT @[@]: {FIRST}", 3))
    road.brings(post("a", SECOND, 2))
    old, new = road.signals()
    assert world.one("SELECT count(*) FROM sightings WHERE signal_id = %s AND own_signal IS NOT NULL", old) == 1
    page = world.signed_in("anna").get(f"/signaal/{new}").text
    assert "edit__gone" in page
    assert "RT" not in page


def test_a_mark_is_its_readers_own_and_gone_after_two_weeks(world: World, road: Road, tmp_path: Path) -> None:
    road.brings(road.maker.post("a", FIRST))
    (signal,) = road.signals()
    world.signed_in("anna").post(f"/signaal/{signal}/oppakken")
    seen = world.one("SELECT count(*) FROM last_looks WHERE user_id = %s", world.people["anna"])
    assert seen == 1
    web = world.app.state.dependencies.engine
    for who, sees in (("anna", 1), ("bram", 0)):
        with acting(web, world.people[who], "seinpost_expert") as connection:
            assert connection.execute(text("SELECT count(*) FROM seinpost.last_looks")).scalar_one() == sees
    assert world.one("SELECT has_table_privilege('seinpost_supervisor', 'seinpost.last_looks', 'SELECT')") is False
    engine = world.database.engine_for("seinpost_retention")
    for age, left in ((timedelta(days=13), 1), (timedelta(days=15), 0)):
        forget(engine, road.engine, KeyFolder(tmp_path / "keys"), world.clock() + age)
        assert world.one("SELECT count(*) FROM last_looks") == left
    engine.dispose()


@pytest.mark.browser
def test_an_edit_is_accessible_and_told_by_more_than_colour(site: Site, keys: KeyFolder) -> None:
    road = Road(site.world.database, keys, site.world.clock)
    road.brings(road.maker.post("a", FIRST))
    site.world.signed_in("anna").post(f"/signaal/{road.signals()[0]}/oppakken")
    road.brings(road.maker.post("a", SECOND, 2))
    road.close()
    page = site.page("anna", viewport={"width": 390, "height": 900}, color_scheme="dark")
    page.goto(f"/signaal/{road.signals()[1]}")
    lines = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator(".edit__gone").first.evaluate(lines) == "line-through"
    assert page.locator(".edit__added").first.evaluate(lines) == "underline"
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
