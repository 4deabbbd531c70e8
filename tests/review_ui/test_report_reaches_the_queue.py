"""A tip or observation always reaches the queue, analysed, in its own part: no order, no source, no flag needed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from nlp.analyse import Analyser, Text
from nlp.settings import default_settings
from pipeline.embedded import EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from pipeline.store.attempts import DatabaseAway
from signals.analysis import Analysis
from signals.post import Post
from signals.settings_version import DetectionSettings
from tests.review_ui.world import World


@pytest.fixture(scope="module")
def models() -> Analyser:
    """The models that ship."""
    return Analyser.load()


@pytest.fixture
def town(world: World, keys: KeyFolder, models: Analyser) -> Iterator[World]:
    """The team's app on the embedded road, without one order or source."""
    engine = world.database.engine_for("seinpost_road")

    def analyse(posts: list[Post], detection: DetectionSettings) -> list[Analysis]:
        return models.analyse([Text(post.text, post.moment) for post in posts], detection)

    sink = EmbeddedSink(engine, keys, analyse, EmbeddedSettings(engine, default_settings()), world.clock)
    dependencies = world.app.state.dependencies
    world.app.state.dependencies = replace(dependencies, reporting=replace(dependencies.reporting, sink=sink))
    yield world
    engine.dispose()


def test_a_tip_that_nothing_flags_is_read_with_its_analysis_beside_it(town: World) -> None:
    anna, bram = town.signed_in("anna"), town.signed_in("bram")
    assert town.one("SELECT count(*) FROM orders") == 0
    assert anna.post("/melden/tip", tekst="er hangt een rare sfeer bij station Zaandam").status_code == 303
    signal = town.one("SELECT id FROM signals WHERE lane = 'tip' AND state = 'new'")
    assert town.one("SELECT name FROM signal_places WHERE kind = 'station'") == "Zaandam"
    listed = bram.get("/werkvoorraad?lijst=tips").text
    assert 'Meldingen <span class="view__count">1</span>' in listed
    assert f'data-signal="{signal}"' in listed
    page = bram.get(f"/signaal/{signal}").text
    assert "rare sfeer" in page
    assert "een professional heeft dit gemeld" in page


def test_an_acute_observation_is_urgent_and_still_stands_among_what_was_handed_in(town: World) -> None:
    town.signed_in("anna").post(
        "/melden/waarneming", wat="groep met messen gaat zo vechten", waar="station Zaandam", wanneer="nu", hoeveel="20"
    )
    signal = town.one("SELECT id FROM signals WHERE source = 'observation'")
    assert f'data-signal="{signal}"' in town.signed_in("bram").get("/werkvoorraad?lijst=tips").text


@pytest.mark.parametrize("state", ["rejected", "parked", "confirmed", "referred", "closed", "expired"])
def test_the_same_words_on_another_day_are_read_again_whatever_became_of_the_first(town: World, state: str) -> None:
    anna = town.signed_in("anna")
    fields = {"wat": "een groep verzamelt zich", "waar": "station Zaandam", "wanneer": "nu"}
    anna.post("/melden/waarneming", **fields)
    with town.owner() as owner:
        owner.execute("UPDATE signals SET state = %s", (state,))
    town.clock.pass_by(timedelta(days=1))
    anna = town.signed_in("anna")
    anna.post("/melden/waarneming", **fields)
    assert town.one("SELECT count(*) FROM signals WHERE state = 'new'") == 1


def test_a_tip_handed_in_twice_within_the_hour_counts_once(town: World) -> None:
    anna = town.signed_in("anna")
    for _ in range(2):
        anna.post("/melden/tip", tekst="er hangt een rare sfeer bij station Zaandam")
    assert town.one("SELECT sum(sightings) FROM signals") == 1


def test_when_the_road_is_away_the_words_stay_on_the_screen(world: World) -> None:
    class Away:
        def accept(self, *_: object) -> None:
            raise DatabaseAway("gone")

    dependencies = world.app.state.dependencies
    world.app.state.dependencies = replace(dependencies, reporting=replace(dependencies.reporting, sink=Away()))
    answered = world.signed_in("anna").post("/melden/tip", tekst="deze woorden blijven")
    assert answered.status_code == 503
    assert "deze woorden blijven" in answered.text
    assert "nog niet aangekomen" in answered.text
