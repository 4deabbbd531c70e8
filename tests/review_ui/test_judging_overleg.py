"""Casusoverleg through the real pages: asking the team, who may read along, what two readers still have to confirm."""

from datetime import timedelta

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.thread import LONGEST_MESSAGE, MOST_MESSAGES
from pipeline.store.users import UserRole
from signals.label import Level
from tests.review_ui.world import Browser, World

QUESTION = "@bram is dit een feestje? Bel Kees Jansen op 06-12345678, zie https://example.org/x"


def overleg(page: str) -> str:
    """The part of a signal's page with the thread, without the marks that keep people's words apart."""
    page = page.replace("<bdi>", "").replace("</bdi>", "")
    return page.split('id="overleg"')[1].split("</section>")[0] if 'id="overleg"' in page else ""


def test_a_reader_asks_the_team_and_reads_on_and_who_is_asked_sees_it_counted(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal, following = world.add_signal(), world.add_signal("het volgende", level=Level.AANDACHT)
    chris = world.people["chris"]
    asked = anna.post(f"/signaal/{signal}/casusoverleg", vraag=QUESTION, aan=[str(chris)])
    assert asked.headers["location"].startswith(f"/signaal/{following}?gedaan=asked")
    assert world.state_of(signal) == "casusoverleg"
    assert world.one("SELECT count(*) FROM claims WHERE signal_id = %s", signal) == 0
    body = str(world.one("SELECT body FROM thread_messages"))
    for secret in ("bram", "Jansen", "12345678", "example.org"):
        assert secret not in body, "masked before it is stored"
    for name in ("bram", "chris"):
        assert "1 vraag van het team aan u" in world.signed_in(name).get("/werkvoorraad").text
    assert "vraag van het team aan u" not in world.signed_in("dunya").get("/werkvoorraad").text
    bram.post(f"/signaal/{signal}/casusoverleg/meedoen")
    assert "vraag van het team aan u" not in bram.get("/werkvoorraad").text
    told = str(world.one("SELECT string_agg(payload, '') FROM trail"))
    assert "team_asked" in told
    assert "feestje" not in told


def test_the_thread_opens_to_who_takes_part_and_then_costs_the_blind_second_reading(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="is dit een feestje?")
    closed = overleg(bram.get(f"/signaal/{signal}").text)
    assert "feestje" not in closed
    assert "kan daarna niet de tweede lezer zijn" in closed
    bram.post(f"/signaal/{signal}/casusoverleg/bericht", bericht="nee, de deur is daar altijd dicht")
    assert "feestje" in overleg(bram.get(f"/signaal/{signal}").text)
    assert anna.judge(signal, "confirm:directed", 3, besluit="wij nemen het serieus").status_code == 303
    assert world.state_of(signal) == "waiting_second", "what the team talked over still needs a blind second reader"
    assert bram.judge(signal, "confirm:directed", 2).status_code == 409
    chris = world.signed_in("chris")
    page = chris.get(f"/signaal/{signal}").text
    for word in ("feestje", "altijd dicht", "serieus"):
        assert word not in page
    assert chris.judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"
    thread = overleg(chris.get(f"/signaal/{signal}").text)
    assert "wij nemen het serieus" in thread
    assert "Deden mee: Anna, Bram" in " ".join(thread.split())


@pytest.mark.parametrize(("choice", "state"), [("reject:art", "rejected"), ("park:context_wanted", "parked")])
def test_rejecting_or_parking_after_the_talk_takes_one_reader(
    world: World, anna: Browser, bram: Browser, choice: str, state: str
) -> None:
    signal = world.add_signal()
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="wie kent dit liedje?")
    assert bram.judge(signal, choice, 3, besluit="het is een refrein").status_code == 303
    assert world.state_of(signal) == state
    assert world.one("SELECT kind FROM thread_messages ORDER BY number DESC LIMIT 1") == "decision"
    again = bram.post(f"/signaal/{signal}/ongedaan", oordeel=str(world.one("SELECT id FROM assessments")))
    assert again.status_code == 303
    assert world.state_of(signal) == "casusoverleg"


def test_two_police_readers_do_not_confirm_together_after_the_talk(world: World, anna: Browser) -> None:
    world.add_person("pim", UserRole.EXPERT, police=True)
    signal = world.add_signal()
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="wie kent deze plek?")
    assert world.signed_in("chris").judge(signal, "confirm:directed", 3).status_code == 303
    assert world.signed_in("pim").judge(signal, "confirm:directed", 2).status_code == 409
    assert world.signed_in("bram").judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_the_last_one_who_can_still_read_it_blind_stays_out_of_the_talk(
    world: World, anna: Browser, bram: Browser
) -> None:
    with world.owner() as owner:
        owner.execute("UPDATE users SET disabled_at = now() WHERE username IN ('dunya', 'chris')")
    signal = world.add_signal()
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="wie kent deze plek?")
    refused = bram.post(f"/signaal/{signal}/casusoverleg/meedoen")
    assert refused.status_code == 409
    assert "de laatste" in refused.text
    anna.judge(signal, "confirm:directed", 3)
    assert bram.judge(signal, "confirm:directed", 2).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_after_a_disagreement_everybody_may_join_the_talk(world: World, anna: Browser, bram: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    bram.judge(signal, "reject:art", 2)
    assert anna.post(f"/signaal/{signal}/casusoverleg/bericht", bericht="kijk naar de tijd").status_code == 303
    chris = world.signed_in("chris")
    assert chris.post(f"/signaal/{signal}/casusoverleg/meedoen").status_code == 303
    assert "kijk naar de tijd" in overleg(chris.get(f"/signaal/{signal}").text)
    assert chris.judge(signal, "confirm:directed", 3).status_code == 303
    assert world.state_of(signal) == "confirmed"


def test_nobody_speaks_without_words_at_length_without_end_or_where_there_is_no_talk(
    world: World, anna: Browser, bram: Browser
) -> None:
    signal = world.add_signal()
    assert bram.post(f"/signaal/{signal}/casusoverleg/bericht", bericht="hallo").status_code == 409
    assert anna.post(f"/signaal/{signal}/casusoverleg", vraag="  ").status_code == 422
    assert world.state_of(signal) == "new"
    assert anna.post(f"/signaal/{signal}/casusoverleg", vraag="a" * (LONGEST_MESSAGE + 1)).status_code == 409
    assert anna.post(f"/signaal/{signal}/casusoverleg", vraag="een vraag").status_code == 303
    assert anna.post(f"/signaal/{signal}/casusoverleg", vraag="nog een vraag").status_code == 409
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO thread_messages (signal_id, user_id, kind, body, at)"
            " SELECT %s, %s, 'message', 'x', now() FROM generate_series(2, %s)",
            (signal, world.people["anna"], MOST_MESSAGES),
        )
    assert anna.post(f"/signaal/{signal}/casusoverleg/bericht", bericht="nog iets").status_code == 409


def test_who_belongs_to_the_named_school_is_not_asked_and_hears_nothing(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO user_roles VALUES (%s, 'recipient', 'school', 'brin:90XX07')", (world.people["bram"],)
        )
        owner.execute("INSERT INTO signal_places VALUES (%s, 'brin:90XX07', 'school', 'Verzonnen College')", (signal,))
    page = anna.get(f"/signaal/{signal}").text
    assert str(world.people["chris"]) in page
    assert str(world.people["bram"]) not in page
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="@bram wat vind jij?", aan=[str(world.people["bram"])])
    assert world.one("SELECT count(*) FROM thread_mentions") == 0
    assert world.signed_in("bram").post(f"/signaal/{signal}/casusoverleg/meedoen").status_code == 404


def test_what_was_said_goes_with_the_text(world: World, anna: Browser, bram: Browser, keys: KeyFolder) -> None:
    signal = world.add_signal()
    anna.post(f"/signaal/{signal}/casusoverleg", vraag="is dit een feestje?")
    bram.judge(signal, "reject:art", 3, besluit="ja, een feestje")
    engine, road = world.database.engine_for("seinpost_retention"), world.database.engine_for("seinpost_road")
    forget(engine, road, keys, world.clock.now + timedelta(hours=23))
    assert world.one("SELECT count(*) FROM thread_messages WHERE body <> ''") == 2
    forget(engine, road, keys, world.clock.now + timedelta(hours=25))
    assert world.one("SELECT count(*) FROM thread_messages WHERE body <> ''") == 0
    assert world.one("SELECT count(*) FROM thread_messages") == 2, "that it was talked over stays known"
    engine.dispose()
    road.dispose()
    assert "De woorden zijn weg" in overleg(world.signed_in("anna").get(f"/signaal/{signal}").text)
