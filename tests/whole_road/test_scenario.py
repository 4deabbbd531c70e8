"""The seed story as a whole: a post or an observation comes in, two experts confirm it, the right people are told.

Each recipient sees only its own row of the need-to-know table, and their answers come back. In real browsers, on both
roads, with the demo's invented people.
"""

import contextlib
import email
import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.kafka.local_broker import LocalBroker, free_port
from seinpost.demo import start as demo
from seinpost.demo.replay_server import Pace, ReplayServer
from seinpost.demo.script import Line
from tests.chromium import FLAGS
from tests.whole_road.house import House, house
from tests.whole_road.replayed import replayed

POST = (
    "vanmiddag na het zesde allemaal naar station Krommenie-Assendelft, die gasten van de overkant komen ook."
    " neem mensen mee en kom niet met lege handen, we gaan ze pakken"
)
OBSERVATION = {
    "Wat zag of hoorde u?": "Een grote groep verlaat de school en gaat naar het station vechten, ze hebben messen",
    "Waar?": "station Krommenie-Assendelft",
    "Wanneer?": "nu, na het zesde uur",
    "Hoeveel mensen?": "ongeveer twintig",
}
TELLING = ("lege handen", "messen", "groep verlaat")
"""Words of the post and the observation that no notice and no recipient without the excerpt may see."""
DUIDING = "Geen clip: een oproep met tijd en plaats."
SCHOOLS = ("marit", "bas", "hanna")


@dataclass
class Town:
    """The running house and a browser, with the demo's people in it."""

    house: House
    browser: Browser
    address: str
    password: str
    mail: Path

    def log_in(self, username: str) -> Page:
        """A fresh browser context in which someone is logged in."""
        context = self.browser.new_context(base_url=self.address, locale="nl-NL")
        page = context.new_page()
        page.goto("/inloggen")
        page.get_by_label("Naam").fill(username)
        page.get_by_label("Wachtwoord").fill(self.password)
        page.get_by_role("button", name="Inloggen").click()
        page.wait_for_url(lambda url: "inloggen" not in url)
        return page


on_both_roads = pytest.mark.parametrize(
    "town", ["embedded", pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True
)
on_one_and_in_the_long_run_on_both = pytest.mark.parametrize(
    "town", ["embedded", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.soak])], indirect=True
)


@pytest.fixture
def town(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    chromium: str,
    start_kafka: Callable[[Path], LocalBroker],
) -> Iterator[Town]:
    """Every process of one road, started as `seinpost up` starts them."""
    port = free_port()
    kafka = start_kafka if request.param == "kafka" else None
    with contextlib.ExitStack() as stack:
        built = stack.enter_context(house(tmp_path / "house", kafka, port=port))
        built.settings, replay_port = demo.start_demo(built.settings, stack)
        # It plays the one post to whoever comes.
        stack.enter_context(replayed(ReplayServer([Line(text=POST)], Pace(quick=0, seconds=2.0)), replay_port))
        built.start_service("serve", "unseal", "dispatch", "collect-stream", "forget")
        built.start_workers()
        stack.callback(built.stop)
        built.wait_for(built.answers)
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=FLAGS)
        yield Town(
            built, browser, built.settings.address, demo.password(built.settings), demo.mail_folder(built.settings)
        )
        browser.close()


def _open_signal(page: Page, title: str) -> None:
    """Wait for the card to arrive, without reloading by hand more than a reader would, and open it."""
    for _ in range(60):
        page.goto("/werkvoorraad")
        card = page.locator(".queue-card__press", has_text=title).first
        if card.count():
            card.click()
            expect(page.locator(".reading__text, .verdicts").first).to_be_visible()
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"no signal about {title} came into the queue")


def _confirm(page: Page, duiding: str) -> None:
    """Confirm with the keyboard: B, a few words, then the reason that comes first."""
    page.keyboard.press("b")
    page.get_by_label("Duiding voor de ontvanger").fill(duiding)
    page.get_by_label("Niveau", exact=True).select_option("acuut")
    page.get_by_role("button", name="oproep met tijd en plaats").click()


def _judge_and_forward(town: Town) -> None:
    first = town.log_in("jamal")
    _open_signal(first, "Krommenie-Assendelft")
    signal = first.url
    _confirm(first, DUIDING)
    second = town.log_in("petra")
    second.goto(signal)
    expect(second.locator("body")).not_to_contain_text(DUIDING)
    _confirm(second, "Gericht op een andere school.")
    second.goto(signal)
    expect(second.locator("body")).to_contain_text(DUIDING)
    for name in ("Scholengroep Krommenie", "Trias", "De Brug", "wijkagent", "jongerenwerk", "handhaving"):
        expect(second.locator("#doorzetten")).to_contain_text(name, ignore_case=True)
    second.locator("#doorzetten button[type=submit]").click()
    town.house.wait_for(lambda: town.house.rows("SELECT count(*) FROM referrals WHERE state = 'sent'")[0][0] >= 6)  # type: ignore[operator]


def _receive(town: Town, username: str) -> Page:
    page = town.log_in(username)
    page.goto("/portaal")
    page.locator(".queue-card__press").first.click()
    return page


def _answer(page: Page, outcome: str) -> None:
    page.get_by_role("button", name="Ontvangen").click()
    page.get_by_label(outcome).check()
    page.get_by_role("button", name="Terugkoppelen").click()
    expect(page.locator("body")).to_contain_text(outcome)


def _everyone_sees_just_their_row(town: Town) -> None:
    for school in SCHOOLS:
        page = _receive(town, school)
        expect(page.locator("body")).to_contain_text("Geen bewijs")
        expect(page.locator("body")).to_contain_text(DUIDING)
        expect(page.locator("body")).to_contain_text("Krommenie-Assendelft")
        _answer(page, "gesprek gevoerd")
    police = _receive(town, "rick")
    expect(police.locator("body")).to_contain_text(DUIDING)
    expect(police.locator("body")).to_contain_text("Acuut")
    _shows_no_text(police)
    _answer(police, "zichtbaar aanwezig")
    for field in ("dennis", "karin"):
        page = _receive(town, field)
        expect(page.locator("main")).to_contain_text("Thema")
        expect(page.locator("main")).not_to_contain_text("Confrontatie")
        expect(page.locator("main")).not_to_contain_text(DUIDING)
        _shows_no_text(page)
        _answer(page, "niets aangetroffen")
    stranger = town.log_in("samira")
    stranger.goto("/portaal")
    expect(stranger.locator(".queue-card__press")).to_have_count(0)
    stranger.goto(police.url)
    expect(stranger.locator("body")).not_to_contain_text("Krommenie")


def _shows_no_text(page: Page) -> None:
    for words in TELLING:
        expect(page.locator("body")).not_to_contain_text(words)


def _answers_come_back(town: Town) -> None:
    expert = town.log_in("jamal")
    signal = town.house.rows("SELECT signal_id FROM referrals LIMIT 1")[0][0]
    expert.goto(f"/signaal/{signal}")
    for outcome in ("zichtbaar aanwezig", "gesprek gevoerd", "niets aangetroffen"):
        expect(expert.locator("body")).to_contain_text(outcome)
    notices = [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in town.mail.glob("*.eml")]
    assert len(notices) >= 6
    assert len({n["Message-ID"] for n in notices}) == len(notices)
    for notice in notices:
        body = notice.get_body(("plain",))
        assert body is not None
        content = body.get_content()
        for words in (*TELLING, DUIDING):
            assert words not in content


@on_both_roads
@pytest.mark.browser
@pytest.mark.timeout(400)
def test_a_post_reaches_the_schools_and_the_police_officer(town: Town) -> None:
    _judge_and_forward(town)
    _everyone_sees_just_their_row(town)
    _answers_come_back(town)


@on_one_and_in_the_long_run_on_both
@pytest.mark.browser
@pytest.mark.timeout(400)
def test_an_observation_reaches_the_schools_and_the_police_officer(town: Town) -> None:
    town.house.stop_service("collect-stream")
    watcher = town.log_in("farida")
    watcher.goto("/melden/waarneming")
    for label, words in OBSERVATION.items():
        watcher.get_by_label(label).fill(words)
    watcher.get_by_role("button", name="Melden").click()
    town.house.wait_for(lambda: bool(town.house.rows("SELECT 1 FROM signals WHERE source = 'observation'")))
    _judge_and_forward(town)
    _everyone_sees_just_their_row(town)
    _answers_come_back(town)
