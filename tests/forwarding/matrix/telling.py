"""What the dispatcher tells: the e-mails that a real mail server was given, and what the dispatcher's role can read."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from forwarding.channels.email import Email, MailServer
from tests.forwarding.channels.telling import dispatching
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.matrix.stage import Stage
from tests.patience import until


def emails(stage: Stage) -> dict[str, str]:
    """Send every notice that waits to a mail server of this machine; the messages by the referral that each names."""
    mailbox, port = Mailbox(), free_port()
    controller = serve(mailbox, port)
    email = Email(MailServer("127.0.0.1", port, "seinpost@example.org"), "http://localhost")
    try:
        with dispatching(stage.town, [email]):
            until(lambda: not _waiting(stage))
    finally:
        controller.stop()
    found: dict[str, str] = {}
    for message in mailbox.messages():
        body = message.get_content()
        referral = body.split("Kenmerk: ")[1].split()[0]
        found[referral] = "\n".join([*(f"{name}: {value}" for name, value in message.items()), body])
    return found


def told(stage: Stage, referral: UUID) -> Mapping[str, object]:
    """The row of a referral as the dispatcher's role reads it."""
    engine = stage.town.database.engine_for("seinpost_dispatch", pool_size=1)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM seinpost.referrals_to_tell WHERE id = :id"), {"id": referral})
        found = dict(rows.mappings().one())
    engine.dispose()
    return found


def _waiting(stage: Stage) -> bool:
    with stage.owner() as owner:
        return owner.execute("SELECT 1 FROM notices WHERE state = 'waiting' LIMIT 1").fetchone() is not None
