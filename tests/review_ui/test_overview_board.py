"""The situation board: what stands where and what it waits for, for who may see it; redrawn without jumping."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from pipeline.store.users import UserRole
from signals.label import Category, Level
from signals.place import PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.test_forwarding import contacts_on
from tests.review_ui.test_screens import no_problems
from tests.review_ui.world import SCHOOL, World

NUMBERS = '<th scope="row">{}</th>'


def row(page: str, step: str) -> list[int]:
    """The numbers of one step on the board, most urgent level first."""
    cells = page.split(NUMBERS.format(step))[1].split("</tr>")[0]
    return [int(cell.split(">")[1]) for cell in cells.split("</td>") if ">" in cell]


def number_of(world: World, signal: UUID) -> str:
    return f"nr. {world.one('SELECT number FROM signals WHERE id = %s', signal)}"


def a_day(world: World) -> dict[str, UUID]:
    """A signal at every step: of anna and bram, the first reads and the second reads again."""
    world.add_directory()
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    found = {name: world.add_signal(name) for name in ("waits", "is read", "second", "team", "ready", "sent")}
    for name in ("second", "ready", "sent"):
        anna.judge(found[name], "confirm:directed", 1)
    for name in ("ready", "sent"):
        bram.judge(found[name], "confirm:directed", 2)
    anna.judge(found["team"], "confirm:directed", 1)
    bram.judge(found["team"], "reject:art", 2)
    sent = f"/signaal/{found['sent']}"
    assert bram.post(f"{sent}/doorzetten", ontvanger=contacts_on(bram.get(sent).text)).status_code == 303
    with world.owner() as owner:  # after a judgement the next signal is opened, and with that taken
        owner.execute("DELETE FROM claims")
    anna.post(f"/signaal/{found['is read']}/oppakken")
    return found


def test_every_open_signal_stands_at_its_step_with_what_it_waits_for(world: World) -> None:
    found = a_day(world)
    world.add_signal("nog een", level=Level.CONCREET)
    page = world.signed_in("chris").get("/overzicht").text
    for step, numbers in (
        ("Wacht op eerste lezer", [1, 1, 0]),
        ("Eerste lezer leest", [1, 0, 0]),
        ("Wacht op tweede lezer", [1, 0, 0]),
        ("Casusoverleg: wacht op het team", [1, 0, 0]),
        ("Bevestigd: wacht op doorzetten", [1, 0, 0]),
        ("Vandaag doorgezet", [1, 0, 0]),
    ):
        assert row(page, step) == numbers, step
    for name, words in (
        ("waits", "Wacht op eerste lezer"),
        ("is read", "Eerste lezer leest"),
        ("second", "Wacht op tweede lezer"),
        ("team", "wacht op het team"),
        ("ready", "wacht op doorzetten"),
        ("sent", "2 ontvangers hebben het nog niet ontvangen"),
    ):
        assert words in page.split(f'data-signal="{found[name]}"')[1].split("</li>")[0], name
    world.clock.pass_by(timedelta(days=1))
    with world.owner() as owner:  # something small changed today
        owner.execute("UPDATE signals SET changed_at = %s WHERE id = %s", (world.clock(), found["sent"]))
    page = world.signed_in("chris").get("/overzicht").text
    assert row(page, "Vandaag doorgezet") == [0, 0, 0]
    assert str(found["sent"]) not in page, "what was sent yesterday is no longer on the board"


def test_it_says_first_what_is_acute_and_how_long_that_waits_and_the_first_moment_named(world: World) -> None:
    world.add_signal(level=Level.CONCREET, window=False)
    world.clock.pass_by(timedelta(minutes=10))
    world.add_signal(window=False)
    world.clock.pass_by(timedelta(minutes=12))
    soon = world.add_signal()
    first = world.signed_in("anna").get("/overzicht").text.split("Nu eerst")[1].split("</section>")[0]
    assert "2 acuut: Wacht op eerste lezer" in first
    assert "12 min geleden" in first
    assert "nog 1 u 25" in first
    assert number_of(world, soon) in first


def test_an_acute_signal_that_somebody_reads_is_still_named_first(world: World) -> None:
    signal, anna = world.add_signal(), world.signed_in("anna")
    anna.post(f"/signaal/{signal}/oppakken")
    first = anna.get("/overzicht").text.split("Nu eerst")[1].split("</section>")[0]
    assert "1 acuut: Eerste lezer leest" in first
    assert "geen acuut signaal" not in first


def test_who_is_attached_to_a_named_school_does_not_see_that_signal_and_recipients_see_no_board(world: World) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    page = world.signed_in("dunya").get("/overzicht").text
    assert str(signal) not in page
    assert "Lisdodde" not in page
    assert row(page, "Wacht op eerste lezer") == [0, 0, 0]
    assert str(signal) in world.signed_in("anna").get("/overzicht").text
    world.add_person("rik", UserRole.RECIPIENT)
    rik = world.signed_in("rik")
    for path in ("/overzicht", "/overzicht/bord", "/overzicht/kaart", "/overzicht/kaart/lijst", "/overzicht/cijfers"):
        answered = rik.get(path)
        assert answered.status_code == 403
        assert str(signal) not in answered.text
    assert 'href="/overzicht"' not in rik.get("/melden").text


def test_the_board_never_shows_more_lines_than_can_be_read_and_says_how_many_there_are(world: World) -> None:
    for number in range(43):
        world.add_signal(f"bericht {number}", level=Level.AANDACHT)
    page = world.signed_in("anna").get("/overzicht").text
    assert page.count("data-signal=") == 40
    assert "Nog 3 andere signalen staan in de" in page
    assert row(page, "Wacht op eerste lezer") == [0, 0, 43]


@pytest.mark.browser
def test_the_board_draws_itself_anew_and_the_line_in_focus_stays_where_it_is(site: Site) -> None:
    for number in range(12):
        site.world.add_signal(f"bericht {number}", level=Level.AANDACHT)
    page = site.page("anna", viewport={"width": 1280, "height": 500})
    page.goto("/overzicht")
    line = page.locator("#bord [data-signal]").nth(8)
    signal = line.get_attribute("data-signal")
    link = line.locator("a")
    link.focus()
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    before = link.bounding_box()
    fresh = site.world.add_signal("net binnen", level=Level.ACUUT)
    expect(page.locator(f'#bord [data-signal="{fresh}"]')).to_be_attached(timeout=6000)
    same = page.locator(f'#bord [data-signal="{signal}"] a')
    expect(same).to_be_focused()
    after = same.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1
    expect(page.locator("#bord [data-signal]").first).to_have_attribute("data-signal", str(fresh))
    no_problems(page)


@pytest.mark.browser
def test_nobody_has_to_touch_it_to_see_the_newest_on_top(site: Site) -> None:
    page = site.page("anna", viewport={"width": 1280, "height": 800})
    page.goto("/overzicht")
    expect(page.get_by_text("Er staat niets open.")).to_be_visible()
    page.wait_for_timeout(400)
    fresh = site.world.add_signal("net binnen", category=Category.WEAPON)
    expect(page.locator(f'#bord [data-signal="{fresh}"]')).to_be_in_viewport(timeout=6000)
    expect(page.get_by_text("1 acuut: Wacht op eerste lezer")).to_be_visible()
    assert page.evaluate("window.scrollY") == 0
    no_problems(page)


@pytest.mark.browser
def test_the_board_reads_without_javascript_and_on_paper(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("chris", java_script_enabled=False)
    page.goto("/overzicht")
    expect(page.locator(f'[data-signal="{signal}"]')).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(f'[data-signal="{signal}"]')).to_be_visible()
    expect(page.locator("nav.bar__rooms")).to_be_hidden()
    page.emulate_media(media="screen")
    page.locator(f'[data-signal="{signal}"] a').click()
    expect(page).to_have_url(f"{site.address}/signaal/{signal}")
