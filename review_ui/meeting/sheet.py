"""A sheet: headed lists of counts, as pages, PDF and CSV show them. Pure; what may be told is decided before."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from babel.dates import format_date

from pipeline.store.period_numbers import Counted
from review_ui.language import Language, translations
from review_ui.meeting import words
from review_ui.meeting.months import written

HIDDEN = "< 10"


@dataclass(frozen=True)
class Row:
    """One line: its code, its name, and the number as it is shown."""

    code: str
    name: str
    shown: str


@dataclass(frozen=True)
class Section:
    """One headed list."""

    code: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """What a page, a PDF and a CSV are made from."""

    title: str
    period: str
    months: str
    language: Language
    notes: tuple[str, ...]
    columns: tuple[str, str]
    sections: tuple[Section, ...]


def sheet(
    title: str,
    area: str,
    months: tuple[date, date],
    wanted: Sequence[str],
    numbers: Iterable[Counted],
    districts: Iterable[tuple[str, int | None]],
    exact: bool,
    language: Language,
) -> Sheet:
    """The sheet with these sections. `numbers` and `districts` hold None for what this reader is not told."""
    say = translations(language).gettext
    found = {(one.section, one.label): one.number for one in numbers}
    by_district = tuple(Row(name, name, _shown(number, exact)) for name, number in districts)
    return Sheet(
        title=" · ".join(part for part in (say(title), area) if part),
        period=_named(months, language),
        months=written(months[0]) if months[0] == months[1] else f"{written(months[0])}/{written(months[1])}",
        language=language,
        notes=tuple(
            say(line) for line in (words.NO_CONTENT, words.NO_RANKING, words.EXACT if exact else words.IN_TENS)
        ),
        columns=(say(words.NAME), say(words.NUMBER)),
        sections=tuple(
            Section(
                code, say(words.HEADINGS[code]), by_district if code == "districts" else _rows(code, found, exact, say)
            )
            for code in wanted
        ),
    )


def as_csv(made: Sheet) -> str:
    """The sheet as comma-separated values with one number a line; codes stay the same in every language."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("period", "section", "code", "name", "number"))
    for section in made.sections:
        for row in section.rows:
            writer.writerow((made.months, section.code, row.code, row.name, row.shown))
    return out.getvalue()


def _rows(
    section: str, found: dict[tuple[str, str], int | None], exact: bool, say: Callable[[str], str]
) -> tuple[Row, ...]:
    rows = []
    for code, name in words.LABELS[section].items():
        absent = (section, code) not in found
        number = found.get((section, code))
        if section == "minutes":
            shown = "–" if absent else HIDDEN if number is None else str(number)
        else:
            shown = "0" if absent else _shown(number, exact)
        rows.append(Row(code, say(name), shown))
    return tuple(rows)


def _shown(number: int | None, exact: bool) -> str:
    if number is None:
        return HIDDEN
    return str(number) if exact else f"{number}–{number + 9}"


def _named(months: tuple[date, date], language: Language) -> str:
    first, last = (str(format_date(month, "LLLL yyyy", locale=language.value)) for month in months)
    return first if first == last else f"{first} – {last}"
