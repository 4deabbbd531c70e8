"""Filters, counts and saved views of the queue; none by language, none by person."""

import re
from dataclasses import fields
from html import unescape
from uuid import UUID

import pytest

from pipeline.store.connection import acting
from pipeline.store.queue import next_to_read
from pipeline.store.queue_counts import QueueFilter
from review_ui.queue.narrowing import Narrowing
from signals.label import Category, Lang, Level
from signals.place import PlaceKind
from tests.review_ui.world import SCHOOL, STATION, Browser, World


def cards(page: str) -> list[UUID]:
    """The signals of the list, in its order."""
    return [UUID(found) for found in re.findall(r'data-signal="([0-9a-f-]{36})"', page)]


def test_each_filter_narrows_the_list_to_what_it_says(world: World, anna: Browser) -> None:
    threat = world.add_signal(category=Category.THREAT, level=Level.CONCREET)
    nowhere = world.add_signal(category=Category.DRUGS, level=Level.AANDACHT, places=())
    tip = world.add_signal(level=Level.ACUUT, source="tip", places=(("area:x", PlaceKind.AREA, "Ährenwijk 100%_echt"),))
    everything = {threat, nowhere, tip}
    for filters, wanted in {
        "": everything,
        "soort=threat": {threat},
        "niveau=aandacht": {nowhere},
        "bron=tip": {tip},
        "plek=bekend": {threat, tip},
        "plek=onbekend": {nowhere},
        f"plaats={STATION}": {threat},
        "naam=krommenie": {threat},
        "naam=ähren": {tip},
        "naam=%25": set(),
        "naam=enie": set(),
        "lijst=tips": {tip},
        "soort=threat&niveau=acuut": set(),
        "soort=onzin&plek=misschien&lijst=straks": everything,
    }.items():
        assert set(cards(anna.get(f"/werkvoorraad?{filters}").text)) == wanted, filters


def test_every_choice_says_how_many_it_would_show(world: World, anna: Browser) -> None:
    for level in (Level.ACUUT, Level.CONCREET, Level.CONCREET):
        world.add_signal(category=Category.THREAT, level=level)
    world.add_signal(category=Category.DRUGS, level=Level.CONCREET, places=())
    page = anna.get("/werkvoorraad?niveau=concreet").text
    assert "Bedreiging (2)" in page
    assert "Drugshandel (1)" in page
    assert "plaats bekend (2)" in page
    assert "plaats onbekend (1)" in page
    assert "Acuut (1)" in page, "the level's own choices count beside the other filters"


def test_mine_and_waiting_for_a_second_reader_are_views(world: World, anna: Browser) -> None:
    mine, waiting, read = world.add_signal(), world.add_signal("twee"), world.add_signal("drie")
    anna.post(f"/signaal/{mine}/oppakken")
    world.signed_in("bram").judge(waiting, "confirm:directed", 1)
    anna.judge(read, "confirm:directed", 1)
    assert cards(anna.get("/werkvoorraad?lijst=mine").text) == [mine]
    assert cards(anna.get("/werkvoorraad?lijst=second").text) == [waiting], "not the one she read first herself"


def test_a_view_is_saved_by_name_counted_and_removed(world: World, anna: Browser) -> None:
    world.add_signal(category=Category.THREAT)
    saved = anna.post("/weergaven", naam=" Alle  dreiging ", filters="soort=threat&onzin=1&lijst=all")
    assert saved.headers["location"] == "/werkvoorraad?soort=threat"
    page = unescape(anna.get(saved.headers["location"]).text)
    pill = re.search(r'<a class="view view--own"[^>]*>.*?</a>', page)
    assert pill is not None
    assert 'aria-current="true"' in pill[0]
    assert "Alle dreiging" in pill[0]
    assert '<span class="view__count">1</span>' in pill[0]
    assert "Alle dreiging" not in world.signed_in("bram").get("/werkvoorraad").text, "a view is its reader's own"
    assert anna.post("/weergaven", naam="Alle dreiging", filters="soort=drugs").status_code == 409
    anna.post("/weergaven/1/verwijderen")
    assert "Alle dreiging" not in anna.get("/werkvoorraad").text


def test_twenty_views_fit_and_a_removed_one_makes_room(world: World, anna: Browser) -> None:
    for number in range(20):
        assert anna.post("/weergaven", naam=f"weergave {number}", filters="soort=drugs").status_code == 303
    full = anna.post("/weergaven", naam="nog een", filters="soort=drugs")
    assert full.status_code == 409
    assert "twintig" in full.text
    anna.post("/weergaven/7/verwijderen")
    assert anna.post("/weergaven", naam="nog een", filters="soort=drugs").status_code == 303
    assert world.one("SELECT count(*) FROM saved_views") == 20


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "\0"])
def test_a_view_without_a_readable_name_is_refused(world: World, anna: Browser, name: str) -> None:
    assert anna.post("/weergaven", naam=name, filters="soort=drugs").status_code == 422
    assert world.one("SELECT count(*) FROM saved_views") == 0


def test_a_views_name_holds_no_name_of_a_person(world: World, anna: Browser) -> None:
    anna.post("/weergaven", naam="posts van @verzonnen_artiest", filters="soort=drugs")
    assert world.one("SELECT name FROM saved_views") == "posts van [@]"


def test_there_is_no_filter_by_language(world: World, anna: Browser) -> None:
    dutch, english = world.add_signal(), world.add_signal("an english one")
    with world.owner() as owner:
        owner.execute("UPDATE signals SET lang = 'en' WHERE id = %s", (english,))
    assert {"lang", "language", "taal"}.isdisjoint({*Narrowing.model_fields, *(f.name for f in fields(QueueFilter))})
    for name in ("taal", "lang", "language"):
        for code in Lang:
            assert set(cards(anna.get(f"/werkvoorraad?{name}={code}").text)) == {dutch, english}
            answer = anna.get(f"/api/v1/queue?{name}={code}").json()
            assert {UUID(row["id"]) for row in answer["items"]} == {dutch, english}
    form = anna.get("/werkvoorraad").text.split('<details class="filters"')[1].split("</details>")[0]
    assert re.findall(r'<select[^>]* name="(\w+)"', form) == ["soort", "niveau", "bron", "plek"]


def test_people_are_not_ranked_filtered_or_counted(world: World, anna: Browser) -> None:
    for number in range(3):
        anna.judge(world.add_signal(f"bericht {number}"), "reject:art", 1)
    names = {f.name for f in fields(QueueFilter)} | set(Narrowing.model_fields)
    assert names.isdisjoint({"reader", "user", "author", "lezer", "auteur", "wie"})
    for path in ("/werkvoorraad", "/overdracht", "/mijn-instellingen"):
        page = world.signed_in("bram").get(path).text
        assert "Anna" not in page, path
        assert "vandaag 0 van 15 gelezen" in page, path
    assert "vandaag 3 van 15 gelezen" in anna.get("/werkvoorraad").text, "a count is for its own reader"


def test_a_list_of_hundreds_shows_the_most_urgent_and_says_how_many_there_are(world: World, anna: Browser) -> None:
    urgent = world.add_signal(level=Level.ACUUT)
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)"
            " SELECT gen_random_uuid(), 'ordinary', 'new', 'drugs', 'aandacht', false, 'chat', 'nl', 'tip', 1, now()"
            "   FROM generate_series(1, 300)"
        )
    page = anna.get("/werkvoorraad").text
    assert cards(page)[0] == urgent
    assert len(cards(page)) == 40
    assert "De 40 dringendste van 301 staan hier." in page
    assert len(anna.get("/api/v1/queue").json()["items"]) == 200


def test_posts_that_say_the_same_are_one_card_with_the_times_it_was_seen(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    with world.owner() as owner:
        owner.execute("UPDATE signals SET sightings = 4")
    page = anna.get("/werkvoorraad").text
    assert cards(page) == [signal]
    assert "4 keer gezien" in page


def test_a_reader_attached_to_a_school_sees_and_counts_none_of_its_signals(world: World) -> None:
    seen = world.add_signal()
    world.add_signal("over de school", places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    page = world.signed_in("dunya").get("/werkvoorraad").text
    assert cards(page) == [seen]
    assert 'Alles <span class="view__count">1</span>' in page
    with acting(world.app.state.dependencies.engine, world.people["dunya"], "seinpost_expert") as connection:
        assert next_to_read(connection, world.people["dunya"], False, world.clock(), skip=seen) is None


def test_whether_a_place_is_known_follows_the_places_themselves(world: World) -> None:
    signal, other = world.add_signal(places=()), world.add_signal("met een plaats")
    known = "SELECT place_known FROM signals WHERE id = %s"
    assert (world.one(known, signal), world.one(known, other)) == (False, True)
    with world.owner() as owner:
        for place in ("area:x", "area:y"):
            owner.execute("INSERT INTO signal_places VALUES (%s, %s, 'area', 'Wijk')", (signal, place))
        owner.execute("DELETE FROM signal_places WHERE place_id IN ('area:x', %s)", (STATION,))
    assert (world.one(known, signal), world.one(known, other)) == (True, False)
    with world.owner() as owner:
        owner.execute("DELETE FROM signal_places")
    assert world.one(known, signal) is False
