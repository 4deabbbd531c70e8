"""The meeting's sheets and the monthly report: the database's numbers, nothing else, none too small for others."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import acting
from pipeline.store.users import UserRole
from review_ui.build_static import VENDOR
from review_ui.meeting import words
from review_ui.meeting.months import after, month_of
from tests.conftest import missing
from tests.database import fresh
from tests.review_ui.month_filled import ENDS, MONTH, SENTINELS, STARTS, Filled, fill
from tests.review_ui.world import SCHOOL, Browser, World, world_in

Told = dict[tuple[str, str], str]
COUNTED = ("came_level", "came_category", "decided", "rejected", "alike", "sent", "answers", "feedback", "outcome")


@pytest.fixture(scope="module")
def world(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[World]:
    """One house for all of this file: nothing here changes it."""
    if not VENDOR.is_dir():
        missing(
            "the screens' style sheets are not built: npm ci --prefix review_ui && python -m review_ui.build_static"
        )
    with fresh(postgres, keys) as database, world_in(database, keys) as made:
        yield made


@pytest.fixture(scope="module")
def filled(world: World) -> Filled:
    """A past month of invented signals, a station with a list of schools, and somebody of the board."""
    world.add_person("bestuur", UserRole.BOARD)
    world.add_person("ontvanger", UserRole.RECIPIENT)
    world.add_directory()
    with world.owner() as owner, owner.transaction():
        return fill(owner, (world.people["anna"], world.people["bram"]))


def csv_of(browser: Browser, at: str) -> Told:
    answer = browser.get(at)
    assert answer.status_code == 200, answer.text
    return {(row["section"], row["code"]): row["number"] for row in csv.DictReader(StringIO(answer.text))}


def pdf_of(browser: Browser, month: str = MONTH) -> tuple[bytes, str]:
    answer = browser.get(f"/overzicht/maandverslag/{month}.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content, "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def expected(numbers: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {(section, code): numbers[section, code] for section in COUNTED for code in words.LABELS[section]}


def in_tens(number: int) -> str:
    return "0" if not number else "< 10" if number < 10 else f"{number // 10 * 10}–{number // 10 * 10 + 9}"


def test_an_experts_report_has_the_databases_own_numbers_in_page_pdf_and_csv(world: World, filled: Filled) -> None:
    anna = world.signed_in("anna")
    told = csv_of(anna, f"/overzicht/maandverslag/{MONTH}.csv")
    wanted = expected(filled.numbers)
    assert {key: told[key] for key in wanted} == {key: str(number) for key, number in wanted.items()}
    assert {code: shown for (section, code), shown in told.items() if section == "districts"} == {
        name: str(number) for name, number in filled.districts.items()
    }
    assert {shown for (section, _), shown in told.items() if section == "minutes"} == {"7"}
    assert sum(wanted["came_level", level] for level in words.LABELS["came_level"]) > 100, "a month worth counting"
    _, in_pdf = pdf_of(anna)
    page = anna.get(f"/overzicht/maandverslag?maand={MONTH}").text
    for section in words.MONTHLY:
        assert words.HEADINGS[section] in in_pdf
        assert words.HEADINGS[section] in page
    for (section, code), number in wanted.items():
        assert f"{words.LABELS[section][code]} {number}" in in_pdf.replace("\n", " "), (section, code)
        assert (
            f'<th scope="row">{words.LABELS[section][code]}</th><td class="sheet__number">{number}</td>'
            in page.replace("&amp;", "&")
        )


def test_a_pdf_can_be_read_aloud_and_is_the_same_to_the_byte(world: World, filled: Filled) -> None:
    assert filled.numbers
    anna = world.signed_in("anna")
    first, said = pdf_of(anna)
    assert pdf_of(world.signed_in("bram"))[0] == first
    root = PdfReader(BytesIO(first)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert "/StructTreeRoot" in root
    assert "oktober 2026" in said
    anna.client.cookies.set("seinpost_language", "en")
    english, in_english = pdf_of(anna)
    assert english != first or "October 2026" in in_english


def test_no_content_stands_in_any_sheet(world: World, filled: Filled) -> None:
    assert filled.numbers
    for name in ("anna", "bestuur"):
        browser = world.signed_in(name)
        made, said = pdf_of(browser)
        shown = [said, made.decode("latin-1")]
        sheets = ("/overzicht/agenda", "/overzicht/evaluatieblad", "/overzicht/agenda.csv")
        addresses = [f"{at}?van={MONTH}&tot={MONTH}&gebied=zaanstreek" for at in sheets]
        addresses += [f"/overzicht/maandverslag/{MONTH}.csv", f"/overzicht/maandverslag?maand={MONTH}"]
        shown += [browser.get(at).text for at in addresses]
        with world.owner() as owner:
            ids = [str(row[0]) for row in owner.execute("SELECT id FROM signals LIMIT 20").fetchall()]
        for sentinel in (*SENTINELS, *ids):
            assert not [one for one in shown if sentinel.lower() in one.lower()], sentinel


def test_who_reads_no_signals_sees_no_number_under_ten_and_the_rest_in_tens(world: World, filled: Filled) -> None:
    wanted = {key: in_tens(number) for key, number in expected(filled.numbers).items()}
    assert {"0", "< 10", "10–19"} <= set(wanted.values()), "small and larger numbers to hide and to round"
    for name in ("bestuur", "dunya"):
        browser = world.signed_in(name)
        told = csv_of(browser, f"/overzicht/maandverslag/{MONTH}.csv")
        assert {key: told[key] for key in wanted} == wanted, name
        assert {code: shown for (section, code), shown in told.items() if section == "districts"} == {
            district: in_tens(number) for district, number in filled.districts.items()
        }
        _, said = pdf_of(browser)
        small = [f"{words.LABELS[s][c]} {n}" for (s, c), n in expected(filled.numbers).items() if 0 < n < 10]
        assert small
        assert not [line for line in said.splitlines() if line in small]
    assert SCHOOL, "dunya is an expert who works at a school"


def test_others_are_told_one_whole_month_a_week_afterwards_by_page_and_by_sql(world: World, filled: Filled) -> None:
    assert filled.numbers
    board = world.signed_in("bestuur")
    running = f"{world.clock.now:%Y-%m}"
    assert board.get(f"/overzicht/maandverslag/{running}.csv").status_code == 409
    assert world.signed_in("anna").get(f"/overzicht/maandverslag/{running}.csv").status_code == 200
    assert board.get("/overzicht/maandverslag/2026-13.pdf").status_code == 422
    engine = world.app.state.dependencies.engine
    asked = text("SELECT * FROM seinpost.period_numbers(:starts, :ends, NULL, true)")
    with acting(engine, world.people["bestuur"], "seinpost_supervisor") as connection:
        rows = connection.execute(asked, {"starts": STARTS, "ends": ENDS}).all()
        assert rows
        assert not [row for row in rows if row.section != "minutes" and row.number is not None and row.number % 10]
    longer = STARTS.replace(month=9)
    for starts, ends in ((STARTS.replace(day=2), ENDS), (STARTS, ENDS.replace(day=2)), (longer, ENDS)):
        with (
            pytest.raises(DBAPIError, match="one whole month"),
            acting(engine, world.people["bestuur"], "seinpost_supervisor") as connection,
        ):
            connection.execute(asked, {"starts": starts, "ends": ends})
    for role in ("seinpost_recipient", "seinpost_recipient_police", "seinpost_expert"):
        with pytest.raises(DBAPIError), acting(engine, world.people["ontvanger"], role) as connection:
            connection.execute(asked, {"starts": STARTS, "ends": ENDS})


def test_a_recipient_gets_no_sheet(world: World, filled: Filled) -> None:
    assert filled.numbers
    recipient = world.signed_in("ontvanger")
    for at in (
        "agenda",
        "evaluatieblad",
        "agenda.csv",
        "maandverslag",
        f"maandverslag/{MONTH}.pdf",
        f"maandverslag/{MONTH}.csv",
    ):
        assert recipient.get(f"/overzicht/{at}").status_code == 403, at


def test_a_sheet_can_be_about_a_region_or_the_schools_around_a_place(world: World, filled: Filled) -> None:
    anna = world.signed_in("anna")
    wanted = {
        key: str(number) for key, number in expected(filled.zaanstreek).items() if key[0] not in ("rejected", "alike")
    }
    for area in ("zaanstreek", "netwerk:ns:KMA"):
        told = csv_of(anna, f"/overzicht/agenda.csv?gebied={area}&van={MONTH}&tot={MONTH}")
        assert {key: told[key] for key in wanted} == wanted, area
        assert {code for section, code in told if section == "districts"} == {"Zaanstad"}
    whole = csv_of(anna, f"/overzicht/agenda.csv?gebied=nergens&van={MONTH}&tot={MONTH}")
    assert whole["came_level", "aandacht"] == str(filled.numbers["came_level", "aandacht"])
    page = anna.get(f"/overzicht/evaluatieblad?gebied=zaanstreek&van={MONTH}&tot={MONTH}").text
    assert "Zaanstreek" in page
    assert words.QUESTIONS[0] in page
    assert "Krommenie-Assendelft" in page, "the network around the station can be chosen"
    assert "netwerk:" not in world.signed_in("bestuur").get("/overzicht/agenda").text


def test_nothing_is_ranked_rows_stand_in_one_order_whatever_the_numbers(world: World, filled: Filled) -> None:
    told = csv_of(world.signed_in("anna"), f"/overzicht/agenda.csv?van={MONTH}&tot={MONTH}")
    for section in words.AGENDA:
        codes = [code for named, code in told if named == section]
        if section == "districts":
            assert codes == sorted(filled.districts)
        else:
            assert codes == list(words.LABELS[section])


def test_months_follow_each_other_over_the_year() -> None:
    assert after(month_of("2026-12")) == month_of("2027-01")
    assert after(month_of("2026-01"), -1) == month_of("2025-12")
    assert after(month_of("2026-03"), -15) == month_of("2024-12")
