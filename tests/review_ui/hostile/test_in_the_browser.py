"""Hostile texts in a real Chromium: nothing runs, nothing is asked elsewhere, no button hides, nothing is turned round.

A sample of every kind in `make test`, the whole corpus in `make soak`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from pipeline.key_folder import KeyFolder
from tests.review_ui.conftest import Site
from tests.review_ui.hostile.corpus import Hostile, corpus, packs, sample
from tests.review_ui.hostile.explaining import SCRIPT, as_explained
from tests.review_ui.hostile.looking import Watcher, wrong
from tests.review_ui.hostile.stage import Stage
from tests.soak import Soak

pytestmark = pytest.mark.browser

SHORT_PACK, FULL_PACK = 8, 12
OPENED = ("element", "handler", "turned")
LIVE = frozenset({"GET /werkvoorraad/nieuw", "GET /werkvoorraad/alarm"})
LIVE_OF_A_SIGNAL = ("GET {}/stand", "POST {}/meekijken", "POST {}/wegkijken")
"""What a page asks by itself: when the queue changes, and while it stands open for a moment."""


@pytest.fixture
def stage(site: Site, keys: KeyFolder) -> Iterator[Stage]:
    """The stage behind a real web server."""
    made = Stage(site.world, keys)
    yield made
    made.close()


def watchers(site: Site, stage: Stage) -> dict[str, Watcher]:
    """One watched browser for each person who opens a page."""
    return {who: Watcher(site.page(who), site.address) for who in {who for who, _ in stage.pages().values()}}


def walk(stage: Stage, people: dict[str, Watcher], texts: tuple[Hostile, ...], size: int, often: int) -> list[str]:
    """Show all texts: every one where it is read first, and on each other page one pack in `often`, in turn."""
    stage.show(tuple(f"een gewoon bericht {number}" for number in range(size)))
    for who, path in stage.pages().values():
        people[who].page.goto(path)  # what is new for somebody is new once
    ordinary = {name: people[who].open(path) for name, (who, path) in stage.pages().items()}
    for looks in ordinary.values():
        for look in looks.values():
            look.seen = as_explained(look.seen)
    signals = [path for _, path in stage.pages().values() if path.startswith("/signaal/") and "voorbeeld" not in path]
    live = LIVE | {address.format(path) for path in signals for address in LIVE_OF_A_SIGNAL}
    asked = {who: {*watcher.asked, *live, SCRIPT} for who, watcher in people.items()}
    found = [f"ordinary: {told}" for watcher in people.values() for told in watcher.told()]
    found += [f"ordinary {name}: {fault}" for name, looks in ordinary.items() for fault in wrong(looks, looks, [], [])]
    for number, pack in enumerate(packs(texts, size)):
        shown = stage.show([made.text for made in pack])
        for turn, (name, (who, path)) in enumerate(stage.pages().items()):
            if name != "first reading" and (number + turn) % often:
                continue
            looks = people[who].open(path)
            faults = people[who].told() + [f"asked {path}" for path in sorted(people[who].asked - asked[who])]
            if name != "preview":  # it masks once more; what it must show is judged in the HTML
                faults += wrong(looks, ordinary[name], shown.all, stage.promised(name, shown))
            found += [f"{name}, {pack[0].kind}, {pack[0].text[:30]!a}: {fault}" for fault in faults[:8]]
    return found


def test_nothing_runs_and_nothing_breaks_whatever_the_text(site: Site, stage: Stage) -> None:
    texts = sample(4)
    assert len(texts) >= 60
    found = walk(stage, watchers(site, stage), texts, SHORT_PACK, often=10)
    assert found == [], "\n".join(found[:60])


@pytest.mark.soak
def test_nothing_runs_and_nothing_breaks_for_the_whole_corpus(site: Site, stage: Stage, soak: Soak) -> None:
    found = walk(stage, watchers(site, stage), corpus(), FULL_PACK, often=4)
    soak.record(
        "hostile texts in Chromium at 390 and 1280 px: all where they are read first, a quarter on every other page",
        f"{len(corpus())} texts, {len(found)} faults",
    )
    assert found == [], "\n".join(found[:60])


def test_a_name_that_is_opened_and_a_record_set_aside_run_nothing_either(site: Site, stage: Stage) -> None:
    stage.show(["een gewoon bericht"])
    reader, tuner = (Watcher(site.page(who), site.address) for who in ("anna", "toon"))
    for made in sample(1):
        if made.kind not in OPENED:
            continue
        stage.seal(made.text)
        reader.page.goto(f"/signaal/{stage.first}")
        reader.page.get_by_text("Openen…", exact=True).click()
        reader.page.get_by_label("Waarom is dit nodig?").fill("voor de plaats")
        reader.page.get_by_role("button", name="Naam tonen").click()
        expect(reader.page.get_by_role("heading", name="Tekst met namen")).to_be_visible()
        tuner.page.goto(f"/terzijde/{stage.letter}")
        tuner.page.get_by_label("Waarom wilt u de inhoud zien?").fill("kijken wat eraan scheelt")
        tuner.page.get_by_role("button", name="Open de inhoud").click()
        expect(tuner.page.get_by_role("heading", name="De inhoud")).to_be_visible()
        for watcher in (reader, tuner):
            for width, look in watcher.look().items():
                assert not look.wide, (made.kind, width)
                assert look.turned == [], (made.kind, width)
            assert watcher.told() == [], made.kind


def test_what_was_typed_comes_back_in_its_field_and_runs_nothing(site: Site, stage: Stage) -> None:
    watcher = Watcher(site.page("anna"), site.address)
    for made in sample(1):
        if made.kind not in OPENED:
            continue
        words = made.text[:3000].replace("\x00", "")
        watcher.page.goto("/melden/waarneming")
        watcher.page.get_by_label("Wat zag of hoorde u?").fill(words)
        typed = watcher.page.get_by_label("Wat zag of hoorde u?").input_value()
        # Sent without a place, past the browser's own check: the page comes back with what was typed.
        watcher.page.get_by_role("button", name="Melden").evaluate("button => button.form.submit()")
        expect(watcher.page.get_by_role("alert").first).to_be_visible()
        assert watcher.page.get_by_label("Wat zag of hoorde u?").input_value() == typed, made.kind
        assert not any(look.wide for look in watcher.look().values()), made.kind
        told = [line for line in watcher.told() if "422" not in line]  # the browser notes the answer's status
        assert told == [], made.kind
