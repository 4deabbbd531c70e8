"""From the form with which a signal is corrected to what it is from now on. `forwarding.correcting` does it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.correcting import Corrected, Reached, correct
from pipeline.store.case import case
from pipeline.store.corrections import Window
from review_ui.signal.form import JudgingForm, Unclear, correction_of


def correct_as_typed(
    connection: Connection, signal_id: UUID, form: JudgingForm, by: UUID, now: datetime, police_excerpt: bool
) -> Reached | Unclear:
    """Correct the signal, or say what has to become clear first. Places and moments are read as in judging."""
    stood = case(connection, signal_id, now)
    change = correction_of(form, stood.places, now)
    if isinstance(change, Unclear):
        return change
    after = Corrected(
        form.soort,
        form.niveau,
        stood.places if change.places is None else change.places,
        Window(stood.window_start, stood.window_end) if change.window is None else change.window,
    )
    return correct(connection, signal_id, after, by, now, police_excerpt)
