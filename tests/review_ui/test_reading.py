"""Reading a signal through the real pages: two readers, the second one blind, and a clear outcome for every race."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from pipeline.store.claims import LEASE
from signals.label import Level
from signals.place import PlaceKind
from tests.review_ui.world import SCHOOL, Browser, World


def test_two_readers_confirm_and_the_signal_is_ready_to_forward(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    assert anna.judge(signal, "confirm:directed", 1, niveau="concreet").status_code == 303
    assert world.state_of(signal) == "waiting_second"
    assert bram.judge(signal, "confirm:call_with_time_and_place", 2, niveau="acuut").status_code == 303
    assert world.state_of(signal) == "confirmed"
    assert world.one("SELECT level FROM signals WHERE id = %s", signal) == "acuut", "the more urgent level holds"


def test_the_second_reader_sees_nothing_of_the_first_judgement(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    anna.judge(signal, "confirm:help_wanted", 1, soort="extortion", niveau="acuut", duiding="let op de zijdeur")
    page = bram.get(f"/signaal/{signal}").text
    middle = page.split('class="triage__middle"')[1].split('class="triage__left"')[0]
    assert "zijdeur" not in page
    assert "Oordelen" not in middle
    assert "Anna" not in page
    assert 'value="confrontation" selected' in page, "the form starts with the machine's category"
    told = bram.get(f"/api/v1/signals/{signal}").json()
    assert told["readings"] == []
    assert (told["category"], told["level"]) == ("confrontation", "concreet")
    bram.judge(signal, "confirm:directed", 2)
    assert "zijdeur" in bram.get(f"/signaal/{signal}").text, "after the own judgement blindness is over"


def test_nobody_does_both_readings(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    again = anna.judge(signal, "confirm:directed", 2)
    assert again.status_code == 409
    assert "al beoordeeld" in again.text
    assert anna.post(f"/signaal/{signal}/oppakken").status_code == 409
    assert world.state_of(signal) == "waiting_second"


def test_a_reader_attached_to_the_named_school_does_not_see_the_signal(world: World) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    dunya = world.signed_in("dunya")
    assert str(signal) not in dunya.get("/werkvoorraad").text
    assert dunya.get(f"/signaal/{signal}").status_code == 404
    assert dunya.get(f"/api/v1/signals/{signal}").status_code == 404
    assert dunya.get(f"/api/v1/signals/{signal}/proposals").status_code == 404
    for path in ("oppakken", "hartslag", "doorzetten"):
        assert dunya.post(f"/signaal/{signal}/{path}").status_code in {303, 404}
    assert dunya.judge(signal, "confirm:directed", 1).status_code == 404
    assert world.one("SELECT count(*) FROM claims") == 0
    assert world.state_of(signal) == "new"


def test_two_police_readers_cannot_confirm_together(world: World) -> None:
    world.add_person("pim", *(), police=True)
    with world.owner() as owner:
        owner.execute("INSERT INTO user_roles (user_id, role) VALUES (%s, 'expert')", (world.people["pim"],))
    signal = world.add_signal()
    chris, pim = world.signed_in("chris"), world.signed_in("pim")
    chris.judge(signal, "confirm:directed", 1)
    assert "van buiten de politie" in pim.get(f"/signaal/{signal}").text
    refused = pim.judge(signal, "confirm:directed", 2)
    assert refused.status_code == 409
    assert refused.text.count("politie") >= 1
    assert world.state_of(signal) == "waiting_second"
    assert world.one("SELECT count(*) FROM assessments") == 1, "the refused reading left nothing behind"
    assert world.signed_in("bram").judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"


@pytest.mark.parametrize(("choice", "state"), [("reject:art", "rejected"), ("park:context_wanted", "parked")])
def test_rejecting_and_parking_take_one_reader(world: World, anna: Browser, choice: str, state: str) -> None:
    signal = world.add_signal()
    assert anna.judge(signal, choice, 1).status_code == 303
    assert world.state_of(signal) == state


def test_readers_who_disagree_bring_it_to_casusoverleg_and_a_third_records_the_outcome(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    bram.judge(signal, "reject:figurative", 2)
    assert world.state_of(signal) == "casusoverleg"
    assert anna.judge(signal, "confirm:directed", 3).status_code == 409, "who read it before does not decide alone"
    assert world.signed_in("chris").judge(signal, "confirm:directed", 3).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_a_signal_that_a_colleague_reads_cannot_be_taken_or_judged_until_the_lease_is_over(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal()
    assert anna.post(f"/signaal/{signal}/oppakken").status_code == 303
    taken = bram.post(f"/signaal/{signal}/oppakken")
    assert taken.status_code == 409
    assert "Een collega leest" in taken.text
    assert bram.judge(signal, "reject:art", 1).status_code == 409
    world.clock.pass_by(LEASE - timedelta(minutes=1))
    assert anna.post(f"/signaal/{signal}/hartslag").json()["mine"] is True
    world.clock.pass_by(LEASE - timedelta(minutes=1))
    assert bram.post(f"/signaal/{signal}/oppakken").status_code == 409, "the heartbeat kept it"
    world.clock.pass_by(timedelta(minutes=2))
    assert bram.post(f"/signaal/{signal}/oppakken").status_code == 303
    assert anna.post(f"/signaal/{signal}/hartslag").status_code == 409
    assert anna.judge(signal, "reject:art", 1).status_code == 409


def test_taking_the_next_signal_gives_the_open_one_back(world: World, anna: Browser, bram: Browser) -> None:
    first, second = world.add_signal(), world.add_signal("een ander bericht")
    anna.post(f"/signaal/{first}/oppakken")
    anna.post(f"/signaal/{second}/oppakken", van=str(first))
    assert bram.post(f"/signaal/{first}/oppakken").status_code == 303
    assert anna.post(f"/signaal/{second}/vrijgeven").status_code == 303
    assert bram.post(f"/signaal/{second}/oppakken").status_code == 303


def test_the_same_form_sent_twice_is_one_reading(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    answers = [anna.judge(signal, "reject:news", 1).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert world.one("SELECT count(*) FROM assessments") == 1


def test_a_form_for_a_reading_that_somebody_just_did_is_told_so(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    late = bram.judge(signal, "confirm:directed", 1)
    assert late.status_code == 409
    assert "net eerder" in late.text


def test_many_readers_at_once_make_one_first_and_one_second_reading(world: World) -> None:
    names = [f"lezer{number}" for number in range(6)]
    for name in names:
        world.add_person(name)
        with world.owner() as owner:
            owner.execute("INSERT INTO user_roles (user_id, role) VALUES (%s, 'expert')", (world.people[name],))
    browsers = [world.signed_in(name) for name in names]
    signals = [world.add_signal(f"bericht {number}") for number in range(5)]

    def hammer(browser: Browser) -> list[int]:
        return [
            browser.judge(signal, "confirm:directed", reading).status_code for signal in signals for reading in (1, 2)
        ]

    with ThreadPoolExecutor(len(browsers)) as pool:
        answered = [status for answers in pool.map(hammer, browsers) for status in answers]
    assert set(answered) <= {303, 409}
    assert [world.state_of(signal) for signal in signals] == ["confirmed"] * 5
    assert world.one("SELECT count(*) FROM assessments") == 10
    assert answered.count(303) == 10
    assert world.one("SELECT count(*) FROM claims") == 0


def test_a_decision_leaves_an_event_and_a_trail_without_content_and_no_system_hears_of_it(
    world: World, anna: Browser
) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1, duiding="een geheim woord")
    assert world.one("SELECT step FROM signal_events WHERE signal_id = %s", signal) == "confirm_first"
    assert world.one("SELECT count(*) FROM outbox") == 0, "a reading that was sent to nobody is nobody else's business"
    told = str(world.one("SELECT string_agg(payload, '') FROM trail"))
    for secret in ("geheim", "zesde", "lege handen"):
        assert secret not in told
    assert "assessment_confirm" in told


def test_the_queue_stands_in_the_order_in_which_it_should_be_read(world: World, anna: Browser) -> None:
    attention = world.add_signal("a", level=Level.AANDACHT, window=False)
    no_place = world.add_signal("b", level=Level.CONCREET, window=False, places=())
    with_place = world.add_signal("c", level=Level.CONCREET, window=False)
    soon = world.add_signal("d", level=Level.CONCREET)
    acute = world.add_signal("e", level=Level.ACUUT, window=False)
    items = anna.get("/api/v1/queue").json()["items"]
    assert [item["id"] for item in items] == [str(s) for s in (acute, soon, with_place, no_place, attention)]


def test_filters_narrow_the_list_and_unknown_ones_are_left_out(world: World, anna: Browser) -> None:
    acute, calm = world.add_signal("een"), world.add_signal("twee", level=Level.AANDACHT)
    page = anna.get("/werkvoorraad?niveau=acuut&soort=onzin").text
    assert str(acute) in page
    assert str(calm) not in page
    assert "lang" not in anna.get("/openapi.json").json()["paths"]["/api/v1/queue"]["get"]["parameters"]


def test_after_a_judgement_the_next_signal_is_opened_and_claimed(world: World, anna: Browser) -> None:
    first, second = world.add_signal("een"), world.add_signal("twee", level=Level.CONCREET)
    moved = anna.judge(first, "reject:art", 1)
    assert moved.headers["location"].startswith(f"/signaal/{second}")
    assert world.one("SELECT user_id FROM claims WHERE signal_id = %s", second) == world.people["anna"]


def test_a_signal_that_is_not_there_is_a_plain_dutch_page(world: World, anna: Browser) -> None:
    page = anna.get(f"/signaal/{uuid4()}")
    assert page.status_code == 404
    assert "Dit signaal is er niet" in page.text


def test_a_signal_whose_text_had_to_go_can_still_be_judged(world: World, anna: Browser) -> None:
    signal = world.add_signal(None)
    assert "De tekst is weg" in anna.get(f"/signaal/{signal}").text
    assert anna.judge(signal, "reject:not_concrete", 1).status_code == 303


def test_no_screen_shows_the_score_or_a_word_we_avoid(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    page = anna.get(f"/signaal/{signal}").text.lower()
    for word in ("score", "0.9", "dader", "verdachte", "risicojongere", "treffer", "target"):
        assert f" {word}" not in page.replace("facts__one--target", "").replace("fact--target", "")
