"""What of a signal stands in an answer: looks for the words of each field in a page, a message or a row."""

import re
from collections.abc import Mapping

from review_ui.staffing import HOME
from signals.label import CATEGORY_LABELS, LEVEL_LABELS, Category, Level
from tests.forwarding.matrix.stage import LINK, Sent, Stage
from tests.forwarding.matrix.table import COLUMNS, PLACES, ROWS

EVERY_PLACE = ("Lisdodde College", "Meerkoet Lyceum", "Rietdam-Elsbroek", "De Top")
_LOOK_OUT, _HELP = "Wees zichtbaar aanwezig", "Kunt u hulp klaarzetten"


def fields_in(answer: str, sent: Sent, kind: str) -> dict[str, str]:
    """The fields of this signal that stand in a page or a message, each with the word of the cell that it shows."""
    words: dict[str, tuple[str, ...]] = {}
    words["category"] = (sent.situation.category, CATEGORY_LABELS[Category(sent.situation.category)])
    words["level"] = (sent.situation.level, LEVEL_LABELS[Level(sent.situation.level)])
    words["theme"] = ("geweld", "thema")
    moments = [at.astimezone(HOME) for at in (sent.start, sent.end)]
    clocks = {form for at in moments for form in (f"{at.hour}:{at.minute:02}", f"{at:%H:%M}")}
    words["window"] = (*clocks, "queue-card__left")
    words["link"] = ("bronlink",)
    words["excerpt"] = (sent.fragment,)
    found = {
        field: _cell(field, kind) for field, looked in words.items() if any(_says(answer, word) for word in looked)
    }
    if places_in(answer, kind):
        found["place"] = "own"
    if (reading := _reading(answer, sent)) is not None:
        found["duiding"] = reading
    return found


def places_in(answer: str, kind: str) -> list[str]:
    """The places of the signal that stand in an answer; the town only where it is told instead of a school."""
    town = re.sub("Rietdam-Elsbroek", "", answer)
    extra = ["Rietdam"] if kind == "field" and "Rietdam" in town else []
    return sorted([place for place in EVERY_PLACE if place in answer] + extra)


def fields_of(row: Mapping[str, object], sent: Sent, kind: str) -> dict[str, str]:
    """The fields that a row of the database holds."""
    found = {field: _cell(field, kind) for field, columns in COLUMNS.items() if any(row.get(c) for c in columns)}
    if "duiding" in found:
        found["duiding"] = _reading(str(row["duiding"]), sent) or "?"
    return found


def never(stage: Stage, sent: Sent, name: str) -> list[str]:
    """What no recipient reads about this signal: who judged, who else heard, and what stands behind it."""
    others = [other for other in stage.contacts if other != name]
    return [
        *(str(sent.signal), LINK, "Sanne", "lezer.een", "Lezer.Een", "lezer.twee", "Lezer.Twee", "schoolveiligheid"),
        *(f"Organisatie {other} " for other in others),
        *(f"{other}@example.org" for other in others),
        *(str(contact) for contact in stage.contacts.values()),
        *(str(referral) for other, referral in sent.referrals.items() if other != name),
        "ligt in",  # a rule's own words
    ]


def own_place_names(kind: str) -> list[str]:
    """The places that this kind reads, sorted."""
    return sorted(PLACES[kind])


def _reading(answer: str, sent: Sent) -> str | None:
    if sent.second in answer:
        return "yes"
    if sent.first in answer:
        return "short"
    if _LOOK_OUT in answer:
        return "line"
    return "help" if _HELP in answer else None


def _cell(field: str, kind: str) -> str:
    """The word that the row has for a field that is there; 'yes' where it should not be."""
    return ROWS[kind].get(field, "yes")


def _says(answer: str, word: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", answer, re.IGNORECASE) is not None
