"""Words of the street explained where they stand: every sense, by pointer, by keyboard and without a script."""

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nlp.normalise import fold
from nlp.terms import shipped
from review_ui.signal.marks import marked, stretches
from review_ui.slang.words import Sense, explained, meanings
from signals.analysis import Fact
from signals.label import Category, Genre, Level
from signals.settings_version import TeamTerm
from tests.review_ui.conftest import Site
from tests.review_ui.world import World, analysis_of

TEXT = "ewa neem mensen mee naar station kr-ass, sh4nk in de tas. kom niet met lege handen. straks shanken op de trap"
MORE = "gewoon praten over eten"


def test_a_disguised_word_is_explained_where_it_stands_and_each_word_once() -> None:
    found = explained("sh4nk, SHANK en nog een shank")
    assert [(word.written, word.listed) for word in found.words] == [("sh4nk", "shank")]
    assert [(start, end) for start, end, _ in found.spans] == [(0, 5), (7, 12), (24, 29)]


def test_every_sense_is_told_and_the_harmless_ones_are_senses_like_any_other() -> None:
    (word,) = explained("trap").words
    assert Sense("trap in huis", "stairs") in word.senses
    assert Sense("drugspand", "a house where drugs are sold") in word.senses
    assert word.sources == ("algemene kennis",)
    assert not word.checked, "the list says itself that nobody checked it"


def test_a_word_of_the_team_has_the_teams_meaning_beside_the_listed_ones() -> None:
    team = (
        TeamTerm(term="shank", category=Category.WEAPON, meaning="naam; van een dansgroep"),
        TeamTerm(term="kwebbelaar", category=Category.THREAT, meaning="iemand die doorvertelt"),
    )
    first, second = explained("die kwebbelaar met shank", team).words
    assert (first.listed, first.senses) == ("kwebbelaar", (Sense("iemand die doorvertelt"),))
    assert Sense("naam; van een dansgroep") in second.senses
    assert Sense("mes", "knife") in second.senses


def test_plain_words_need_no_explaining_and_a_word_inside_another_is_left_alone() -> None:
    assert explained("een mes en een gevecht").words == ()
    assert explained("trappenhuis, vetrappig").words == ()


def test_every_dutch_sense_has_an_english_one_and_every_explained_word_is_a_listed_one() -> None:
    listed = {fold(term.text) for term in shipped().terms}
    assert [word for row in meanings().everyday for word in row.words if fold(word) not in listed] == []
    for term in shipped().terms:
        for word in explained(term.text).words:
            assert all(sense.en for sense in word.senses), term.text


def test_the_marked_text_stays_whole_and_a_word_that_a_mark_cuts_begins_once() -> None:
    analysis = analysis_of(TEXT, datetime(2026, 11, 23, tzinfo=UTC), Level.ACUUT, Category.WEAPON, Genre.CHAT)
    words = explained(TEXT)
    pieces = stretches(TEXT, analysis, words.spans)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert sum(piece.begins for piece in pieces) == len(words.spans)
    cut = marked("shank", [(0, 3, Fact.MEANS)], words=[(0, 5, 0)])
    assert [(piece.text, piece.word, piece.begins) for piece in cut] == [("sha", 0, True), ("nk", 0, False)]


def test_a_reason_that_ends_inside_a_fact_has_its_word_where_no_other_word_stands() -> None:
    cut = marked("kom niet met lege handen", [(13, 24, Fact.MEANS)], [(4, 17, "negation")])
    assert [(piece.text, piece.why) for piece in cut if piece.reason] == [("niet met ", ("negation",)), ("lege", ())]


def test_without_a_script_the_meanings_stand_below_the_text_and_a_text_without_slang_has_no_list(world: World) -> None:
    client = world.signed_in("anna")
    page = client.get(f"/signaal/{world.add_signal(TEXT)}").text
    assert re.search(r'<li class="words__one" id="woord-0">.*?sh4nk.*?schenkel \(vlees\).*?mes', page, re.S)
    assert "words__list" not in client.get(f"/signaal/{world.add_signal(MORE)}").text


@pytest.fixture
def page(site: Site) -> Page:
    """A reader's page with three words to explain."""
    page = site.page("anna")
    page.goto(f"/signaal/{site.world.add_signal(TEXT)}")
    return page


@pytest.mark.browser
def test_by_keyboard_the_words_are_one_tab_stop_and_escape_sends_the_meaning_away(page: Page) -> None:
    note = page.get_by_role("tooltip")
    page.locator(".reading").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-begins]").nth(0)).to_be_focused()
    expect(note).to_contain_text("steken met een mes")
    expect(note).to_contain_text("schenkel (vlees)")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-begins]").nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(note).to_contain_text("trap in huis")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(page.locator("[data-begins]").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.keyboard.press("Tab")
    expect(note).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('.reading') === null"), "one stop, not three"
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.browser
def test_by_pointer_the_meaning_stays_while_the_pointer_is_on_it_and_goes_with_escape(page: Page) -> None:
    note = page.get_by_role("tooltip")
    word = page.locator("[data-begins]").nth(0)
    word.hover()
    expect(note).to_be_visible()
    note.hover()
    page.wait_for_timeout(400)
    expect(note).to_be_visible()
    page.get_by_role("heading", level=1).hover()
    expect(note).to_be_hidden()
    word.hover()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme", "lang"), [(390, "dark", "en"), (1280, "light", "nl")])
def test_a_meaning_is_accessible_and_lies_within_the_screen(site: Site, width: int, scheme: str, lang: str) -> None:
    page = site.page("anna", viewport={"width": width, "height": 700}, color_scheme=scheme)
    if lang == "en":
        page.get_by_role("button", name="English").click()
    page.goto(f"/signaal/{site.world.add_signal(TEXT)}")
    page.locator(".words summary").click()
    page.locator("[data-begins]").nth(1).focus()
    box = page.get_by_role("tooltip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
def test_the_practice_room_explains_the_same_words(site: Site) -> None:
    page = site.page("anna")
    page.goto("/oefenruimte/o01")
    page.locator("[data-begins]", has_text="shank").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("schenkel (vlees)")
    assert page.problems == []  # type: ignore[attr-defined]
