"""Judging through the real pages: taking back, correcting place and time, parking, escalating and closing."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.connection import acting
from pipeline.store.undo import WINDOW
from review_ui.signal.form import written
from review_ui.waking import wake_due
from signals.label import Level
from tests.review_ui.world import STATION, Browser, World

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def newest(world: World, signal: UUID) -> str:
    """The id of the newest reading of a signal."""
    return str(
        world.one(
            "SELECT id FROM assessments WHERE signal_id = %s ORDER BY created_at DESC, reading DESC LIMIT 1", signal
        )
    )


def undo(world: World, browser: Browser, signal: UUID) -> int:
    """Press 'ongedaan maken' for the newest reading; the answer's status."""
    return browser.post(f"/signaal/{signal}/ongedaan", oordeel=newest(world, signal)).status_code


def steps(world: World, signal: UUID) -> list[str]:
    """The steps that the signal took, in order."""
    found = world.one("SELECT array_agg(step ORDER BY id) FROM signal_events WHERE signal_id = %s", signal)
    assert isinstance(found, list)
    return found


def places(world: World, signal: UUID) -> list[str]:
    """The places that the signal names."""
    found = world.one("SELECT array_agg(name ORDER BY name) FROM signal_places WHERE signal_id = %s", signal)
    return found if isinstance(found, list) else []


# Taking back


@pytest.mark.parametrize(
    ("choice", "state", "named"),
    [
        ("reject:art", "rejected", "kunstuiting"),
        ("park:context_wanted", "parked", "eerst meer weten"),
        ("confirm:directed", "waiting_second", "gericht op"),
    ],
)
def test_a_reader_takes_the_last_reading_back_and_judges_anew(
    world: World, anna: Browser, choice: str, state: str, named: str
) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    after = anna.judge(signal, choice, 1, niveau="concreet")
    offer = anna.get(after.headers["location"]).text.split('class="done__undo"')[1].split("</form>")[0]
    assert named in offer
    assert newest(world, signal) in offer
    world.clock.pass_by(WINDOW - timedelta(seconds=1))
    assert undo(world, anna, signal) == 303
    assert world.state_of(signal) == "new"
    assert world.one("SELECT user_id FROM claims WHERE signal_id = %s", signal) == world.people["anna"]
    assert steps(world, signal)[-1] == "undo_first"
    assert world.one("SELECT lapsed_by FROM assessments") == "undone", "the reading stays, and says that it was undone"
    assert "ongedaan gemaakt, telt niet mee" in anna.get(f"/signaal/{signal}").text
    assert anna.judge(signal, "reject:news", 1).status_code == 303
    assert world.one("SELECT count(*) FROM assessments WHERE lapsed_at IS NULL") == 1


def test_after_a_minute_nothing_is_taken_back(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "reject:art", 1)
    world.clock.pass_by(WINDOW + timedelta(seconds=1))
    assert "done__undo" not in anna.get("/werkvoorraad").text
    late = anna.post(f"/signaal/{signal}/ongedaan", oordeel=newest(world, signal))
    assert late.status_code == 409
    assert "één minuut" in late.text
    assert world.state_of(signal) == "rejected"


def test_nobody_takes_back_what_a_colleague_read_or_went_on_with(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    first = newest(world, signal)
    assert bram.post(f"/signaal/{signal}/ongedaan", oordeel=first).status_code == 409
    bram.judge(signal, "confirm:directed", 2)
    assert anna.post(f"/signaal/{signal}/ongedaan", oordeel=first).status_code == 409
    assert anna.post(f"/signaal/{signal}/ongedaan", oordeel=str(uuid4())).status_code == 409
    assert world.state_of(signal) == "confirmed"
    assert undo(world, bram, signal) == 303
    assert undo(world, bram, signal) == 409, "once is enough"


def test_a_second_reading_that_is_taken_back_is_redone_by_somebody_who_is_blind(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    anna.judge(signal, "confirm:directed", 1, soort="extortion", niveau="acuut", duiding="let op de zijdeur")
    bram.judge(signal, "confirm:directed", 2)
    assert "zijdeur" not in world.signed_in("chris").get(f"/signaal/{signal}").text, "while it can be taken back"
    assert undo(world, bram, signal) == 303
    assert world.state_of(signal) == "waiting_second"
    assert world.one("SELECT category || level FROM signals WHERE id = %s", signal) == "confrontationconcreet"
    again = bram.judge(signal, "confirm:directed", 2)
    assert again.status_code == 409
    assert "wat een collega hiervan vindt" in again.text
    assert bram.post(f"/signaal/{signal}/oppakken").status_code == 409
    assert str(signal) not in bram.get("/werkvoorraad?lijst=second").text
    assert world.signed_in("chris").judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_a_disagreement_and_an_outcome_are_taken_back_too(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    bram.judge(signal, "reject:art", 2)
    chris = world.signed_in("chris")
    chris.judge(signal, "reject:art", 3)
    assert undo(world, chris, signal) == 303
    assert world.state_of(signal) == "casusoverleg"
    assert chris.judge(signal, "confirm:directed", 3).status_code == 303
    assert world.state_of(signal) == "confirmed"
    other = world.add_signal("een ander bericht")
    anna.judge(other, "confirm:directed", 1)
    bram.judge(other, "reject:art", 2)
    assert undo(world, bram, other) == 303
    assert world.state_of(other) == "waiting_second"


def test_what_was_sent_is_withdrawn_and_not_undone(world: World, anna: Browser, bram: Browser) -> None:
    world.add_directory()
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    contacts = [row["contact_id"] for row in anna.get(f"/api/v1/signals/{signal}/proposals?place_notice=true").json()]
    anna.post(f"/signaal/{signal}/plaatsbericht", ontvanger=contacts)
    assert "done__undo" not in anna.get(f"/signaal/{signal}").text
    refused = anna.post(f"/signaal/{signal}/ongedaan", oordeel=newest(world, signal))
    assert refused.status_code == 409
    assert "wel intrekken" in refused.text
    assert "Intrekken…" in anna.get(f"/signaal/{signal}").text
    assert anna.post(f"/signaal/{signal}/intrekken", reden="false_signal").status_code == 303
    assert world.one("SELECT count(*) FROM referrals WHERE state <> 'withdrawn'") == 0
    assert world.one("SELECT count(*) FROM notices WHERE kind = 'withdrawn'") == len(contacts)
    done = world.add_signal("een ander bericht")
    anna.judge(done, "confirm:directed", 1)
    bram.judge(done, "confirm:directed", 2)
    early = world.signed_in("chris").post(f"/signaal/{done}/doorzetten", ontvanger=contacts)
    assert early.status_code == 409, "for a minute only the readers themselves send what they can still take back"
    assert "nog een minuut" in early.text
    bram.post(f"/signaal/{done}/doorzetten", ontvanger=contacts)
    assert undo(world, bram, done) == 409
    assert world.state_of(done) == "referred"


@pytest.mark.parametrize("gone", ["text", "source"])
def test_a_text_that_went_with_the_decision_does_not_come_back(world: World, anna: Browser, gone: str) -> None:
    signal = world.add_signal()
    anna.judge(signal, "reject:art", 1)
    with world.owner() as owner:
        if gone == "text":
            owner.execute("UPDATE sightings SET text = NULL")
        else:
            owner.execute("UPDATE signals SET source_removed_at = now()")
    refused = anna.post(f"/signaal/{signal}/ongedaan", oordeel=newest(world, signal))
    assert refused.status_code == 409
    assert "vergeten" in refused.text
    assert world.state_of(signal) == "rejected"


def test_the_database_itself_holds_two_readers_and_changes_no_reading(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    engine = world.app.state.dependencies.engine

    def refused(statement: str) -> bool:
        try:
            with acting(engine, world.people["bram"], "seinpost_expert") as connection:
                connection.execute(text(statement), {"signal": signal, "user": world.people["bram"]})
        except DBAPIError as error:
            return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
        return False

    assert refused("UPDATE seinpost.signals SET state = 'confirmed' WHERE id = :signal")
    assert refused("UPDATE seinpost.assessments SET lapsed_at = now(), lapsed_by = 'undone'")
    assert refused("DELETE FROM seinpost.assessments")
    bram.judge(signal, "confirm:directed", 2)
    undo(world, bram, signal)
    assert refused(
        "INSERT INTO seinpost.assessments"
        " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
        " VALUES (:signal, 2, :user, false, 'confirm', 'other', 'threat', 'acuut', now())"
    ), "who saw the first reading does not do the second one"
    assert refused("UPDATE seinpost.signals SET state = 'confirmed' WHERE id = :signal")


# Correcting


def corrected(world: World, browser: Browser, signal: UUID, reading: int, **more: str | list[str]) -> int:
    """Confirm with the fields of a page on which the station stood; the answer's status."""
    fields: dict[str, str | list[str]] = {
        "soort": "confrontation",
        "niveau": "concreet",
        "duiding": "",
        "stond": STATION,
        "plaats": STATION,
        **more,
    }
    page = browser.post(f"/signaal/{signal}/oordeel", keuze="confirm:directed", lezing=str(reading), **fields)
    return page.status_code


def test_a_place_that_a_reader_adds_or_takes_off_is_what_recipients_hear_of(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    found = world.one("SELECT analysis FROM sightings WHERE signal_id = %s", signal)
    assert corrected(world, anna, signal, 1, plaats=[], plaats_erbij="station Zaandam") == 303
    assert places(world, signal) == ["Krommenie-Assendelft"], "the second reader sees nothing of it yet"
    assert corrected(world, bram, signal, 2) == 303
    assert places(world, signal) == ["Zaandam"]
    assert world.one("SELECT analysis FROM sightings WHERE signal_id = %s", signal) == found
    assert "Plaats volgens deze lezer" in bram.get(f"/signaal/{signal}").text
    assert undo(world, bram, signal) == 303
    assert places(world, signal) == ["Krommenie-Assendelft"], "undo puts back what stood"


def test_a_name_that_fits_several_places_is_asked_about_and_nothing_that_was_typed_is_lost(
    world: World, anna: Browser
) -> None:
    signal = world.add_signal()
    fields = {"soort": "threat", "niveau": "acuut", "duiding": "een lange duiding", "stond": STATION, "plaats": STATION}
    page = anna.post(
        f"/signaal/{signal}/oordeel", keuze="confirm:directed", lezing="1", **fields, plaats_erbij="zaandam"
    )
    assert page.status_code == 422
    assert "Welke plaats bedoelt u?" in page.text
    assert "een lange duiding" in page.text
    assert page.text.count('type="checkbox" name="plaats"') > 2
    assert world.state_of(signal) == "new"
    assert corrected(world, anna, signal, 1, plaats_erbij="nergenshuizen aan zee") == 422
    assert corrected(world, anna, signal, 1) == 303


def test_the_time_that_a_reader_gives_is_what_recipients_hear_of(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    start = world.clock.now.replace(second=0) + timedelta(hours=20)
    field = {"van": written(start), "tot": written(start + timedelta(hours=1)), "was_van": "x", "was_tot": "y"}
    assert corrected(world, anna, signal, 1, **{**field, "tot": written(start - MINUTE)}) == 422
    assert corrected(world, anna, signal, 1, **field) == 303
    assert world.one("SELECT window_start FROM signals WHERE id = %s", signal) != start
    assert corrected(world, bram, signal, 2) == 303
    assert world.one("SELECT window_start FROM signals WHERE id = %s", signal) == start
    bare = world.add_signal("een ander bericht")
    for reading, browser in ((1, anna), (2, bram)):
        assert corrected(world, browser, bare, reading, van="", tot="", was_van="x", was_tot="y") == 303
    assert world.one("SELECT window_start IS NULL FROM signals WHERE id = %s", bare) is True


def test_a_reader_adds_no_school_that_one_of_the_readers_belongs_to(world: World, anna: Browser) -> None:
    school, signal = "brin:02EB04", world.add_signal()
    with world.owner() as owner:
        owner.execute("INSERT INTO user_roles VALUES (%s, 'recipient', 'school', %s)", (world.people["dunya"], school))
    dunya = world.signed_in("dunya")
    assert corrected(world, dunya, signal, 1, plaats=[STATION, school]) == 409
    assert world.state_of(signal) == "new"
    assert corrected(world, dunya, signal, 1) == 303
    assert corrected(world, anna, signal, 2, plaats=[STATION, school]) == 409, (
        "then the first reader was not independent"
    )
    assert world.state_of(signal) == "waiting_second"
    assert corrected(world, anna, signal, 2) == 303


def test_a_place_notice_tells_what_its_reader_corrected(world: World, anna: Browser) -> None:
    world.add_directory()
    signal = world.add_signal()
    assert corrected(world, anna, signal, 1, niveau="acuut", plaats=[], plaats_erbij="station Zaandam") == 303
    rows = anna.get(f"/api/v1/signals/{signal}/proposals?place_notice=true").json()
    contact = next(row["contact_id"] for row in rows if row["hindrance"] is None)
    anna.post(f"/signaal/{signal}/plaatsbericht", ontvanger=[contact])
    assert world.one("SELECT places FROM referrals") == ["Zaandam"]


# Parking, escalating, closing


def park(world: World, browser: Browser, signal: UUID, ahead: timedelta | None) -> int:
    """Park until a moment; the answer's status."""
    until = written(world.clock.now + ahead) if ahead is not None else ""
    return browser.judge(signal, "park:context_wanted", 1, aanhouden_tot=until).status_code


def test_a_parked_signal_comes_back_at_its_moment_and_is_read_from_the_start(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    assert park(world, anna, signal, 15 * DAY) == 422
    assert park(world, anna, signal, -DAY) == 422
    assert park(world, anna, signal, 2 * DAY) == 303
    world.clock.pass_by(DAY)
    anna = world.signed_in("anna")
    assert str(signal) not in anna.get("/werkvoorraad").text
    assert str(signal) in anna.get("/lopend").text
    world.clock.pass_by(DAY + MINUTE)
    anna = world.signed_in("anna")
    anna.get(f"/signaal/{world.add_signal('nog een')}")
    assert world.state_of(signal) == "parked", "who looks at a page changes nothing"
    assert wake_due(world.app.state.dependencies.engine, world.clock()) == 1
    assert str(signal) in anna.get("/werkvoorraad").text
    assert world.state_of(signal) == "new"
    assert anna.judge(signal, "reject:art", 1).status_code == 303, "also by who parked it"
    assert world.one("SELECT array_agg(lapsed_by ORDER BY created_at) FROM assessments") == ["resumed", None]


def test_a_parked_signal_is_taken_up_again_by_hand(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    park(world, anna, signal, None)
    assert bram.post(f"/signaal/{signal}/hervatten").status_code == 303
    assert world.state_of(signal) == "new"
    assert world.one("SELECT user_id FROM claims") == world.people["bram"]
    assert bram.post(f"/signaal/{signal}/hervatten").status_code == 409
    assert bram.judge(signal, "confirm:directed", 1).status_code == 303
    assert anna.judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_one_more_term_is_given_once_and_by_a_second_person(
    world: World, anna: Browser, bram: Browser, keys: KeyFolder
) -> None:
    signal = world.add_signal()
    park(world, anna, signal, None)
    world.clock.pass_by(13 * DAY)
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    assert anna.post(f"/signaal/{signal}/verlengen").status_code == 409
    assert bram.post(f"/signaal/{signal}/verlengen").status_code == 303
    assert bram.post(f"/signaal/{signal}/verlengen").status_code == 409
    engine, road = world.database.engine_for("seinpost_retention"), world.database.engine_for("seinpost_road")
    start = world.clock.now - 13 * DAY
    forget(engine, road, keys, start + 28 * DAY - MINUTE)
    assert world.state_of(signal) == "parked"
    forget(engine, road, keys, start + 28 * DAY + MINUTE)
    assert world.state_of(signal) == "expired"
    engine.dispose()
    road.dispose()


def test_what_is_escalated_stands_on_top_for_everybody_until_it_is_put_back(
    world: World, anna: Browser, bram: Browser
) -> None:
    acute, calm = world.add_signal("dringend"), world.add_signal("rustig", level=Level.AANDACHT, window=False)
    assert anna.post(f"/signaal/{calm}/opschalen", omhoog="true").status_code == 303
    items = bram.get("/api/v1/queue").json()["items"]
    assert [item["id"] for item in items] == [str(calm), str(acute)]
    assert "Afschalen" in bram.get(f"/signaal/{calm}").text
    bram.post(f"/signaal/{calm}/opschalen", omhoog="false")
    assert [item["id"] for item in anna.get("/api/v1/queue").json()["items"]] == [str(acute), str(calm)]
    assert steps(world, calm) == ["escalate", "deescalate"]
    anna.judge(calm, "reject:art", 1)
    assert anna.post(f"/signaal/{calm}/opschalen").status_code == 409


def test_a_confirmed_signal_is_closed_with_what_came_of_it(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    assert anna.post(f"/signaal/{signal}/afsluiten", uitkomst="prevented").status_code == 409
    anna.judge(signal, "confirm:directed", 1)
    bram.judge(signal, "confirm:directed", 2)
    assert bram.post(f"/signaal/{signal}/afsluiten", uitkomst="onzin").status_code == 422
    assert bram.post(f"/signaal/{signal}/afsluiten", uitkomst="prevented").status_code == 303
    assert world.state_of(signal) == "closed"
    assert world.one("SELECT outcome FROM signals") == "prevented"
    assert "voorkomen of gesust" in bram.get(f"/signaal/{signal}").text
    assert undo(world, bram, signal) == 409
