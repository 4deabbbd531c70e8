"""A post that was drawn for the blind sample travels with its masked text alone, and only when it is not flagged."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from signals.analysed import ANALYSED_RECORD, analysed
from signals.analysis import Analysis, Facts, Reason, Versions
from signals.label import Category, Genre, Lang, Level
from signals.post import Post, Sealed, Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BOX = Sealed(key_day=date(2026, 11, 23), wrapped_key=b"k", box=b"b")
POST = Post(
    id=UUID(int=1),
    event_id=UUID(int=2),
    revision=1,
    source=Source.EXPORT,
    order_id=UUID(int=3),
    text="lekker weer vandaag",
    seen_at=NOW,
    link=BOX,
    link_hash="ab",
    names=BOX,
)


def found(flagged: bool) -> Analysis:
    """What the machine says of it."""
    return Analysis(
        flagged=flagged,
        score=0.9 if flagged else 0.1,
        category=Category.THREAT if flagged else Category.NONE,
        imminent=False,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=Level.CONCREET if flagged else Level.UITING,
        facts=Facts(place=((0, 6),)),
        places=(),
        reasons=(Reason(start=0, end=3, why="x"),) if flagged else (),
        window=None,
        versions=Versions(model="m", terms="t", settings="s"),
    )


def test_a_sampled_post_has_its_text_and_neither_link_nor_names_nor_what_the_machine_marked() -> None:
    record = analysed(POST, found(flagged=False), sampled=True)
    assert record.sampled
    assert record.post is not None
    assert record.post.text == POST.text
    assert (record.post.link, record.post.link_hash, record.post.names) == (None, None, None)
    assert record.analysis.facts == Facts()
    assert ANALYSED_RECORD.validate_json(record.model_dump_json()) == record


def test_a_post_that_a_reader_sees_anyway_is_not_sampled() -> None:
    flagged = analysed(POST, found(flagged=True), sampled=True)
    assert not flagged.sampled
    assert flagged.post == POST
    tip = POST.model_copy(update={"source": Source.TIP, "order_id": None})
    assert not analysed(tip, found(flagged=False), sampled=True).sampled


def test_what_is_not_drawn_travels_as_before_and_says_nothing_new() -> None:
    record = analysed(POST, found(flagged=False))
    assert record.post is None
    assert "sampled" not in record.model_dump_json()
    assert "sampled" not in analysed(POST, found(flagged=True)).model_dump_json()


@pytest.mark.parametrize("change", [{"post": None}, {"post": POST}, {"sampled": False}, {"analysis": found(True)}])
def test_a_record_that_would_carry_more_is_refused(change: dict[str, object]) -> None:
    record = analysed(POST, found(flagged=False), sampled=True)
    with pytest.raises(ValidationError):
        type(record).model_validate({**record.__dict__, **change})
