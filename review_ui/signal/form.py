"""What stands in the judging form: the choice, what the reader corrects, until when to park. It decides nothing.

A form without the correction fields (another program, an older page) corrects nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Form, HTTPException
from pydantic import BaseModel, ConfigDict

from pipeline.store.assessments import REASONS, Judgement, Verdict
from pipeline.store.case import Case
from pipeline.store.corrections import Correction, Window
from pipeline.store.parking import fits
from pipeline.store.queue import NamedPlace
from review_ui.signal.place_choice import Offer, fitting, place_of
from review_ui.staffing import HOME
from signals.label import Category, Level

MOMENT = "%Y-%m-%dT%H:%M"
"""How a browser's field for a moment writes it, in the team's own time zone."""
_FURTHEST = timedelta(days=90)


class JudgingForm(BaseModel):
    """The fields as they were sent. `plaats` are the places that stay or come in, of those that stood (`stond`)."""

    model_config = ConfigDict(extra="ignore")

    keuze: str = ""
    lezing: int
    soort: Category
    niveau: Level
    duiding: str = ""
    stond: list[str] = []
    plaats: list[str] = []
    plaats_erbij: str = ""
    van: str = ""
    tot: str = ""
    was_van: str = ""
    was_tot: str = ""
    aanhouden_tot: str = ""
    besluit: str = ""


@dataclass(frozen=True)
class Unclear:
    """Why a form cannot be taken yet, and what to choose from; the page shows it with everything that was typed."""

    field: str
    what: str
    offers: tuple[Offer, ...] = ()


WHICH_PLACE = "Welke plaats bedoelt u? Vink hem aan en kies daarna opnieuw."
NO_SUCH_PLACE = "Deze plaats staat niet in de lijst. Probeer een andere naam, of laat het veld leeg."
NO_SUCH_MOMENT = "Vul beide momenten in, het tweede na het eerste, of laat ze allebei leeg."
NO_SUCH_TERM = "Kies een moment in de komende 14 dagen, of laat het veld leeg."
ALL = (WHICH_PLACE, NO_SUCH_PLACE, NO_SUCH_MOMENT, NO_SUCH_TERM)


def judging_form(
    lezing: Annotated[int, Form(ge=1, le=3)],
    soort: Annotated[Category, Form()],
    niveau: Annotated[Level, Form()],
    keuze: Annotated[str, Form(max_length=60)] = "",
    duiding: Annotated[str, Form(max_length=4000)] = "",
    stond: Annotated[tuple[str, ...], Form(max_length=60)] = (),
    plaats: Annotated[tuple[str, ...], Form(max_length=60)] = (),
    plaats_erbij: Annotated[str, Form(max_length=200)] = "",
    van: Annotated[str, Form(max_length=30)] = "",
    tot: Annotated[str, Form(max_length=30)] = "",
    was_van: Annotated[str, Form(max_length=30)] = "",
    was_tot: Annotated[str, Form(max_length=30)] = "",
    aanhouden_tot: Annotated[str, Form(max_length=30)] = "",
    besluit: Annotated[str, Form(max_length=4000)] = "",
) -> JudgingForm:
    """The form of a request, with the bounds that a page's own fields have too."""
    return JudgingForm(
        keuze=keuze,
        lezing=lezing,
        soort=soort,
        niveau=niveau,
        duiding=duiding,
        stond=list(stond),
        plaats=list(plaats),
        plaats_erbij=plaats_erbij,
        van=van,
        tot=tot,
        was_van=was_van,
        was_tot=was_tot,
        aanhouden_tot=aanhouden_tot,
        besluit=besluit,
    )


def judgement_of(form: JudgingForm, stood: Sequence[NamedPlace], now: datetime) -> Judgement | Unclear:
    """The form as a judgement of a signal that names these places, or what has to become clear first."""
    verdict_code, _, reason_code = form.keuze.partition(":")
    try:
        verdict = Verdict(verdict_code)
        reason = REASONS[verdict](reason_code)
    except ValueError:
        raise HTTPException(422) from None
    if verdict is Verdict.PARK:
        until = moment_of(form.aanhouden_tot)
        if form.aanhouden_tot and (until is None or not fits(until, now)):
            return Unclear("aanhouden_tot", NO_SUCH_TERM)
        return Judgement(verdict, reason, form.soort, form.niveau, until=until)
    if verdict is Verdict.REJECT:
        return Judgement(verdict, reason, form.soort, form.niveau)
    corrected = correction_of(form, stood, now)
    if isinstance(corrected, Unclear):
        return corrected
    words = form.duiding.replace("\r\n", "\n")
    return Judgement(verdict, reason, form.soort, form.niveau, words, corrected)


def correction_of(form: JudgingForm, stood: Sequence[NamedPlace], now: datetime) -> Correction | Unclear:
    """What the reader changed about place and time."""
    chosen = list(dict.fromkeys(form.plaats))
    if form.plaats_erbij.strip():
        offers = [offer for offer in fitting(form.plaats_erbij) if offer.id not in chosen]
        if len(offers) != 1:
            return Unclear("plaats_erbij", WHICH_PLACE if offers else NO_SUCH_PLACE, tuple(offers))
        chosen.append(offers[0].id)
    gone = set(form.stond) - set(chosen)
    kept = {place.id: place for place in stood if place.id not in gone}
    new = [place for place_id in chosen if place_id not in kept and (place := place_of(place_id)) is not None]
    places = (*kept.values(), *new) if new or len(kept) < len(stood) else None
    if (form.van, form.tot) == (form.was_van, form.was_tot):
        return Correction(places)
    start, end = moment_of(form.van), moment_of(form.tot)
    if not form.van and not form.tot:
        return Correction(places, Window(None, None))
    if start is None or end is None or not believable(start, end, now):
        return Unclear("van", NO_SUCH_MOMENT)
    return Correction(places, Window(start, end))


def believable(start: datetime, end: datetime, now: datetime) -> bool:
    """Whether somebody could mean this time window: in order, and within 90 days of now."""
    return start <= end and abs(start - now) <= _FURTHEST and end - start <= _FURTHEST


def moment_of(typed: str) -> datetime | None:
    """A moment as a browser's field writes it; None when it is none."""
    try:
        return datetime.strptime(typed[:16], MOMENT).replace(tzinfo=HOME)
    except ValueError:
        return None


def written(moment: datetime | None) -> str:
    """A moment as a browser's field wants it."""
    return moment.astimezone(HOME).strftime(MOMENT) if moment is not None else ""


def starting(found: Case) -> JudgingForm:
    """The form as it starts: the machine's findings, which the reader may change."""
    van, tot = written(found.window_start), written(found.window_end)
    ids = [place.id for place in found.places]
    return JudgingForm(
        lezing=1,
        soort=found.category,
        niveau=found.level if found.level is not Level.UITING else Level.AANDACHT,
        stond=ids,
        plaats=list(ids),
        van=van,
        tot=tot,
        was_van=van,
        was_tot=tot,
    )


def places_shown(form: JudgingForm, found: Case, offers: tuple[Offer, ...] = ()) -> list[tuple[NamedPlace, bool]]:
    """The places to tick: those that stand, those the reader chose before, and those that fit what was typed."""
    known = {place.id: place for place in found.places}
    for place_id in form.plaats:
        place = known.get(place_id) or place_of(place_id)
        if place is not None:
            known[place.id] = place
    for offer in offers:
        known.setdefault(offer.id, NamedPlace(offer.id, offer.kind, offer.name))
    return [(place, place.id in form.plaats) for place in known.values()]
