"""Destroys the keys of contents that the database no longer holds, so that no backup holds them either.

Runs with every retention run and before every backup. It reads ids only.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from pipeline.backup.contents import CONTENTS, Content, Kind
from pipeline.backup.erasure import ErasureBook
from pipeline.key_folder import KeyFolder

_NOT_THE_ROADS = frozenset({Kind.REFERRAL, Kind.MESSAGE})  # which the road does not see; retention sees no event ids


def sweep(retention: Engine, road: Engine, keys: KeyFolder, now: datetime) -> int:
    """Destroy what is due; how many keys went. `retention` and `road` are connections of those two roles."""
    book = ErasureBook(keys.path)
    with book.sweeping() as found:
        if not found.items:
            return 0
        for content in CONTENTS:
            engine = retention if content.kind in _NOT_THE_ROADS else road
            mine = {item for kind, item in found.items if kind is content.kind}
            if mine:
                with engine.connect() as connection:
                    gone = _gone(connection, content, mine, now < found.unknown_until)
                found.gone |= {(content.kind, item) for item in gone}
        return len(found.gone)


def _gone(connection: Connection, content: Content, items: set[UUID], spare_unknown: bool) -> set[UUID]:
    gone = items - {UUID(str(item)) for (item,) in connection.exec_driver_sql(content.living)}
    if gone and spare_unknown:
        known = connection.exec_driver_sql(content.known, {"ids": list(gone)})
        gone &= {UUID(str(item)) for (item,) in known}
    return gone
