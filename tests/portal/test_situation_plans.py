"""No question of the situation thread reads all lines there are: PostgreSQL itself counts what it reads."""

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import Connection, text

from forwarding.places import schools_named
from pipeline.store import situation
from pipeline.store.connection import acting
from signals.referral import RecipientKind
from signals.situation import ClosedMessage
from tests.forwarding.town import NOW
from tests.portal.conftest import House

LINES = 20_000


def read_through(connection: Connection, ask: Callable[[Connection], object]) -> int:
    """Rows of the lines' table that a question reads without an index."""
    count = text("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'situation_lines'")
    before = connection.execute(count).scalar_one()
    ask(connection)
    return int(connection.execute(count).scalar_one()) - int(before)


def test_one_thread_is_found_by_its_signal(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    with house.town.owner() as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, seen_at)"
            " SELECT gen_random_uuid(), 'tip', 'referred', 'threat', 'acuut', true, 'chat', 'nl', 'tip', now()"
            "   FROM generate_series(1, 400)"
        )
        owner.execute(
            "INSERT INTO situation_lines (id, signal_id, said, at)"
            " SELECT gen_random_uuid(), s.id, 'on_site', now() FROM signals s, generate_series(1, 50)"
            "  WHERE s.source = 'tip' LIMIT %s",
            (LINES,),
        )
        owner.execute("ANALYZE situation_lines")
        (signal,) = owner.execute("SELECT signal_id FROM referrals").fetchone() or (None,)
    assert signal is not None
    engine = house.world.app.state.dependencies.engine
    with acting(engine, house.town.users["school"], "seinpost_recipient") as connection:
        for ask in (
            lambda c: situation.glance(c, referral),
            lambda c: situation.lines_for(c, referral),
            lambda c: situation.say(c, referral, uuid4(), ClosedMessage.ON_SITE, "", NOW, schools_named),
        ):
            assert read_through(connection, ask) == 0
    with house.town.expert() as connection:
        assert read_through(connection, lambda c: situation.lines_of(c, signal)) == 0
        everything = read_through(
            connection, lambda c: c.execute(text("SELECT count(*) FROM seinpost.situation_lines WHERE said = 'x'"))
        )
    assert everything >= LINES, "the count sees a table that is read through"
