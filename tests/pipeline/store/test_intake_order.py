"""However posts, edits and removals are interleaved, cut into batches or repeated: the queue ends the same."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from pipeline.key_folder import KeyFolder
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import Database
from pipeline.store.intake import take
from signals.analysed import Analysed
from signals.post import PostRemoved
from tests.road.books import Books
from tests.road.invented import NOW, Maker, add_order, found_in

Record = Analysed | PostRemoved

_TEXTS = (
    "ik ga je steken",
    "IK GA JE STEKEN!!",
    "vanavond steken bij krommenie",
    "steken bij het molencollege",
    "lekker weer vandaag",
)
_VERSIONS = st.lists(st.one_of(st.none(), st.sampled_from(_TEXTS)), min_size=1, max_size=4)
_HISTORIES = st.lists(_VERSIONS, min_size=1, max_size=4)


def _records(maker: Maker, histories: Sequence[Sequence[str | None]]) -> list[list[Record]]:
    """What arrives for each post; None stands for a removal."""
    return [
        [
            maker.removed(f"p{number}", version)
            if said is None
            else found_in(maker.post(f"p{number}", said, version, sealed=True))
            for version, said in enumerate(history, start=1)
        ]
        for number, history in enumerate(histories)
    ]


def _mixed(turns: Sequence[int], per_post: Sequence[Sequence[Record]]) -> list[Record]:
    waiting = [iter(records) for records in per_post]
    return [next(waiting[turn]) for turn in turns]


def test_any_interleaving_ends_the_same_and_a_repeat_changes_nothing(
    database: Database, keys: KeyFolder, road: Engine
) -> None:
    maker = Maker(keys.id_key(), add_order(database))

    def arrive(batch: Sequence[Record]) -> None:
        in_transaction(road, lambda connection: take(connection, batch, keys.id_key(), NOW))

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data(), histories=_HISTORIES)
    def holds(data: st.DataObject, histories: list[list[str | None]]) -> None:
        per_post = _records(maker, histories)
        books.empty()
        for records in per_post:
            arrive(records)
        expected = books.now()

        turns = data.draw(st.permutations([n for n, records in enumerate(per_post) for _ in records]))
        mixed = _mixed(turns, per_post)
        cuts = sorted(data.draw(st.sets(st.integers(0, len(mixed)), max_size=4)) | {0, len(mixed)})
        books.empty()
        for start, end in pairwise(cuts):
            arrive(mixed[start:end])
            before = books.now()
            arrive(mixed[: data.draw(st.integers(0, end))])
            assert books.now() == before, "a repeat changed something"
        assert books.now() == expected

    with Books(database) as books:
        holds()
