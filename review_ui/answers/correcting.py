"""From the form with which a signal is corrected to a proposal for a colleague. `forwarding.correcting` does it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.correcting import Corrected, propose_correction
from pipeline.store.case import case
from pipeline.store.corrections import Window
from review_ui.signal.form import JudgingForm, Unclear, correction_of


def propose_as_typed(
    connection: Connection, signal_id: UUID, form: JudgingForm, by: UUID, now: datetime
) -> UUID | Unclear | None:
    """The proposal (None: nothing would change), or what has to become clear first.

    Places and moments are read as in judging.
    """
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
    return propose_correction(connection, signal_id, after, by, now)
