"""What stands at the top of an expert's page, whatever page it is: the reading that can be undone, questions to me."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from pipeline.store import thread, undo
from pipeline.store.users import User


def beside(connection: Connection, user: User, now: datetime) -> Mapping[str, object]:
    """The values for `parts/done.html`. Looking writes nothing."""
    asked, questions = thread.questions_to(connection, user.id)
    return {"undoable": undo.offered(connection, user.id, now), "asked": asked, "questions": questions}
