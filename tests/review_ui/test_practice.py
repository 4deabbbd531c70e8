"""The practice room: invented posts, judged as in the queue, with the answer after; nothing of it is kept anywhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from psycopg import sql

from review_ui.labels import REASONS
from review_ui.practice.cases import Case, after, cases, series
from review_ui.practice.words import Compared, compared
from signals.analysis import Fact
from signals.label import Category, Level
from tests.review_ui.conftest import Site
from tests.review_ui.world import World

_SERIOUS = (Category.THREAT, Category.WEAPON, Category.CONFRONTATION)


def test_every_series_goes_from_its_first_step_to_its_last_and_leads_on() -> None:
    assert len(cases()) == 72
    for members in series().values():
        assert [case.step for case in members] == list(range(1, len(members) + 1))
    walked: list[str] = []
    case: Case | None = next(iter(series().values()))[0]
    while case is not None:
        walked.append(case.id)
        case = after(case)
    assert sorted(walked) == sorted(each.id for each in cases())


def test_answers_differ_so_that_nobody_can_guess() -> None:
    shares = [sum(case.answer == answer for case in cases()) / len(cases()) for answer in ("confirm", "reject")]
    assert all(0.35 <= share <= 0.55 for share in shares)
    for members in series().values():
        assert len({case.answer for case in members}) >= 2


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_the_level_follows_from_the_facts_by_the_table_of_the_guide(case: Case) -> None:
    known = bool(case.facts[Fact.PLACE] or case.facts[Fact.TARGET])
    told = bool(case.facts[Fact.TIME] or case.facts[Fact.CALL])
    if case.answer == "reject":
        assert (case.level, any(case.facts.values())) == (Level.UITING, False)
    elif case.level is Level.ACUUT:
        assert case.category in _SERIOUS
        assert known
        assert case.facts[Fact.TIME]
    else:
        assert case.level is (Level.CONCREET if known and told else Level.AANDACHT)


def test_an_answer_is_compared_kindly_and_never_with_a_number() -> None:
    case = next(each for each in cases() if each.also_fine)
    assert compared(case, case.best) is Compared.SAME
    assert compared(case, case.also_fine[0]) is Compared.ALSO_FINE
    others = [answer for answer in REASONS if answer != case.best and answer not in case.also_fine]
    same = next(answer for answer in others if answer.startswith(case.answer))
    assert compared(case, same) is Compared.SAME_VERDICT
    assert compared(case, next(a for a in others if not a.startswith(case.answer))) is Compared.OTHER


def test_who_is_not_signed_in_does_not_practise_and_an_unknown_post_is_not_found(world: World) -> None:
    stranger = TestClient(world.app, base_url="http://localhost", follow_redirects=False)
    assert stranger.get("/oefenruimte").headers["location"].startswith("/inloggen")
    client = world.signed_in("anna")
    assert client.get("/oefenruimte/o99").status_code == 404
    assert "Wat zou u doen?" in client.get("/oefenruimte/o01?keuze=reject:nonsense").text


def test_practising_leaves_nothing_behind(world: World) -> None:
    def rows() -> list[tuple[str, int]]:
        with world.owner() as owner:
            names = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost' ORDER BY 1").fetchall()
            counted = sql.SQL("SELECT count(*) FROM seinpost.{}")
            return [
                (name, owner.execute(counted.format(sql.Identifier(name))).fetchall()[0][0])
                for (name,) in names
                if name != "sessions"
            ]

    client = world.signed_in("anna")
    before = rows()
    assert "Zo lazen wij het ook." in client.get("/oefenruimte/o01?keuze=reject:art").text
    assert rows() == before


@pytest.mark.browser
def test_with_the_keyboard_alone_a_reader_reads_answers_and_goes_on(site: Site) -> None:
    page = site.page("anna")
    page.goto("/oefenruimte/o01")
    expect(page.locator(".fact")).to_have_count(0)
    page.keyboard.press("a")
    page.keyboard.press("k")
    page.wait_for_url("**/oefenruimte/o01?keuze=reject*")
    expect(page.get_by_role("heading", name="Zo lazen wij het ook.")).to_be_visible()
    page.get_by_role("link", name="Volgend bericht").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/oefenruimte/o02")
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [(390, "dark", "nl"), (1280, "light", "en"), (390, "light", "en"), (1280, "dark", "nl")],
)
def test_its_pages_are_accessible_and_never_wider_than_the_screen(
    site: Site, width: int, scheme: str, lang: str
) -> None:
    page = site.page("anna", viewport={"width": width, "height": 800}, color_scheme=scheme)
    if lang == "en":
        page.get_by_role("button", name="English").click()
    concrete = next(case for case in cases() if case.answer == "confirm")
    for address in ("", f"/{concrete.id}", f"/{concrete.id}?keuze={concrete.best}"):
        page.goto(f"/oefenruimte{address}")
        _accessible(page)


def _accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_every_post_has_an_english_explanation_of_its_own() -> None:
    told = {each.explanation_en for each in cases()} | {each.explanation_nl for each in cases()}
    assert len(told) == 2 * len(cases())
