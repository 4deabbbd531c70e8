"""A judgement as the JSON API takes it, made into the store's own, or refused with 422 where it cannot be one."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import HTTPException

from pipeline.store.assessments import REASONS, Judgement, Verdict
from pipeline.store.corrections import Correction, Window
from pipeline.store.queue import NamedPlace
from review_ui.api.shapes import AssessmentQuestion, TimeWindow
from review_ui.signal.form import believable
from review_ui.signal.place_choice import place_of


def judgement_of(question: AssessmentQuestion, stood: Sequence[NamedPlace], now: datetime) -> Judgement:
    """The judgement of a signal that names these places. Corrections go with a confirmation, a term with parking."""
    verdict = question.verdict
    try:
        reason = REASONS[verdict](question.reason)
    except ValueError:
        raise HTTPException(422) from None
    corrects = question.places is not None or question.window is not None
    if (corrects and verdict is not Verdict.CONFIRM) or (question.until and verdict is not Verdict.PARK):
        raise HTTPException(422)
    correction = Correction(
        places_of(question.places, stood) if question.places is not None else None,
        window_of(question.window, now) if question.window is not None else None,
    )
    return Judgement(
        verdict, reason, question.category, question.level, question.duiding, correction, until=question.until
    )


def places_of(wanted: Sequence[str], stood: Sequence[NamedPlace]) -> tuple[NamedPlace, ...]:
    """The places with these ids: as they stood, or of the gazetteer; 422 for one that is in neither."""
    known = {place.id: place for place in stood}
    found = [known.get(place_id) or place_of(place_id) for place_id in dict.fromkeys(wanted)]
    if None in found:
        raise HTTPException(422)
    return tuple(place for place in found if place is not None)


def window_of(wanted: TimeWindow, now: datetime) -> Window:
    """Both moments, in order and near enough, or neither; 422 for anything else."""
    if wanted.start is None and wanted.end is None:
        return Window(None, None)
    if wanted.start is None or wanted.end is None or not believable(wanted.start, wanted.end, now):
        raise HTTPException(422)
    return Window(wanted.start, wanted.end)
