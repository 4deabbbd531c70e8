"""What somebody does not read is offered to a colleague first: ordered, never hidden; nobody sees who chose what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from pipeline.store.connection import acting
from signals.label import Category, Level
from tests.review_ui.test_queue_filters import cards
from tests.review_ui.world import Browser, World

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
def anna(world: World) -> Browser:
    """She reads Dutch; a Monday at noon."""
    world.clock.now = NOON
    return world.signed_in("anna")


def in_english(world: World, level: Level = Level.ACUUT) -> UUID:
    """A signal in English."""
    signal = world.add_signal("pull up tomorrow", level=level)
    with world.owner() as owner:
        owner.execute("UPDATE signals SET lang = 'en' WHERE id = %s", (signal,))
    return signal


def settings(browser: Browser, languages: tuple[str, ...] = ("nl",), avoided: tuple[str, ...] = ()) -> int:
    """Send the form of one's own settings."""
    sent = browser.post(
        "/mijn-instellingen", taal=list(languages), aantal="15", minuten="45", liever_niet=list(avoided)
    )
    return sent.status_code


def test_a_language_that_only_a_colleague_reads_comes_after_ones_own_for_ten_minutes(
    world: World, anna: Browser
) -> None:
    bram = world.signed_in("bram")
    assert settings(bram, ("nl", "en")) == 303
    english, dutch = in_english(world), world.add_signal("kom morgen", level=Level.AANDACHT)
    assert cards(anna.get("/werkvoorraad").text) == [dutch, english], "after, and not hidden"
    assert cards(bram.get("/werkvoorraad").text) == [english, dutch]
    world.clock.pass_by(timedelta(minutes=11))
    assert cards(anna.get("/werkvoorraad").text) == [english, dutch], "then it is everybody's"


def test_a_language_that_nobody_else_reads_waits_for_nobody(world: World, anna: Browser) -> None:
    english, dutch = in_english(world), world.add_signal("kom morgen", level=Level.AANDACHT)
    assert cards(anna.get("/werkvoorraad").text) == [english, dutch]
    settings(world.signed_in("bram"), ("nl", "en"))
    with world.owner() as owner:
        owner.execute("UPDATE users SET disabled_at = now() WHERE username = 'bram'")
    assert cards(anna.get("/werkvoorraad").text) == [english, dutch], "who cannot log in reads nothing"


def test_dutch_mixed_with_street_language_is_dutch_to_whoever_chose_nothing(world: World, anna: Browser) -> None:
    bram = world.signed_in("bram")
    settings(bram, ("nl", "mixed"))
    mixed, dutch = in_english(world), world.add_signal("kom morgen", level=Level.AANDACHT)
    with world.owner() as owner:
        owner.execute("UPDATE signals SET lang = 'mixed' WHERE id = %s", (mixed,))
    assert cards(anna.get("/werkvoorraad").text) == [mixed, dutch]
    settings(anna, ("nl",))
    assert cards(anna.get("/werkvoorraad").text) == [dutch, mixed]


def test_outside_staffed_hours_everything_is_for_whoever_is_there(world: World, anna: Browser) -> None:
    settings(world.signed_in("bram"), ("nl", "en"))
    world.clock.now = NOON + timedelta(hours=9)
    late = world.signed_in("anna")
    english, dutch = in_english(world), world.add_signal("kom morgen", level=Level.AANDACHT)
    page = late.get("/werkvoorraad").text
    assert cards(page) == [english, dutch]
    assert "Niet bemand" in page
    assert "112" in page


def test_a_topic_left_to_others_stands_apart_is_counted_and_never_comes_by_itself(world: World, anna: Browser) -> None:
    assert settings(anna, avoided=("sexual",)) == 303
    apart = world.add_signal(category=Category.SEXUAL, level=Level.ACUUT)
    calm = world.add_signal("iets anders", level=Level.AANDACHT)
    last = world.add_signal("het laatste", level=Level.AANDACHT)
    page = anna.get("/werkvoorraad").text
    assert cards(page) == [calm, last]
    assert f'data-apart="{apart}"' in page
    assert 'Alles <span class="view__count">3</span>' in page, "counts tell all"
    assert "1 signaal dat u liever aan een collega laat" in page
    after = anna.judge(calm, "reject:art", 1, soort="sexual")
    assert after.headers["location"].startswith(f"/signaal/{last}"), "the next one is not the topic left to others"
    assert anna.judge(last, "reject:art", 1).headers["location"].startswith("/werkvoorraad")
    assert anna.post(f"/signaal/{apart}/oppakken").status_code == 303, "by choice she can"
    assert cards(anna.get("/werkvoorraad").text) == [apart], "what she took is hers"


def test_nobody_sees_what_a_colleague_leaves_to_others(world: World, anna: Browser) -> None:
    settings(anna, languages=("nl", "other"), avoided=("sexual", "drugs"))
    engine = world.app.state.dependencies.engine
    for reader, rows in (("anna", 1), ("bram", 0)):
        with acting(engine, world.people[reader], "seinpost_expert") as connection:
            assert connection.execute(text("SELECT count(*) FROM reader_settings")).scalar_one() == rows
            connection.execute(text("UPDATE reader_settings SET avoided = '{threat}' WHERE user_id <> acting_user()"))
    for role in ("seinpost_supervisor", "seinpost_recipient"):
        with pytest.raises(ProgrammingError, match="permission denied"), acting(engine, None, role) as connection:
            connection.execute(text("SELECT * FROM reader_settings"))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(engine, world.people["bram"], "seinpost_expert") as connection,
    ):
        connection.execute(text("SELECT languages FROM users"))
    assert world.one("SELECT avoided FROM reader_settings") == ["drugs", "sexual"]
    trail = str(world.one("SELECT payload FROM trail WHERE payload LIKE '%%reader_settings%%'"))
    assert "sexual" not in trail
    assert "drugs" not in trail


def test_a_readers_settings_are_kept_shown_again_and_bounded(world: World, anna: Browser) -> None:
    assert anna.post("/mijn-instellingen", taal=["nl", "mixed"], aantal="8", minuten="30").status_code == 303
    page = anna.get("/mijn-instellingen").text
    assert 'value="8"' in page
    assert 'value="30"' in page
    assert 'name="taal" value="mixed" checked' in page
    assert 'name="taal" value="en">' in page
    assert anna.post("/mijn-instellingen", aantal="8", minuten="30").status_code == 422, "no language"
    for wrong in ({"aantal": "0"}, {"aantal": "61"}, {"minuten": "1"}, {"taal": "fr"}, {"liever_niet": "alles"}):
        sent = {"taal": "nl", "aantal": "8", "minuten": "30"} | wrong
        assert anna.post("/mijn-instellingen", **sent).status_code == 422, wrong
    assert world.one("SELECT budget FROM reader_settings") == 8


def test_only_experts_have_a_desk(world: World) -> None:
    world.add_person("piet")
    for path in ("/mijn-instellingen", "/overdracht"):
        assert world.signed_in("piet").get(path).status_code == 403
