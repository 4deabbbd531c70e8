"""The table that was made by hand, the product's own and the database's say the same."""

from forwarding.need_to_know import fields_for
from signals.label import Category, Level
from signals.referral import ALLOWED, Field, RecipientKind
from tests.forwarding.matrix.stage import NARROWER, SITUATIONS, Stage
from tests.forwarding.matrix.table import FIELDS, ROWS, Situation, expected


def test_the_table_names_every_kind_and_every_field() -> None:
    assert set(ROWS) == {kind.value for kind in RecipientKind}
    assert {field.value for field in Field} - set(FIELDS) <= {"thread"}, "a thread is no field of a signal"
    assert all(not fields - {Field(field) for field in FIELDS} for fields in ALLOWED.values())


def test_the_product_allows_what_the_table_says_and_no_more() -> None:
    assert {kind.value: {field.value for field in fields} for kind, fields in ALLOWED.items()} == {
        kind: set(row) for kind, row in ROWS.items()
    }


def test_the_database_has_the_same_table(stage: Stage) -> None:
    with stage.owner() as owner:
        for kind, row in ROWS.items():
            (fields,) = owner.execute("SELECT need_to_know(%s)", (kind,)).fetchone() or ([],)
            assert set(fields) == set(row), kind
        assert owner.execute("SELECT need_to_know('a kind that nobody thought of')").fetchone() == ([],)


def test_what_is_cut_beforehand_is_the_table_in_every_situation() -> None:
    for situation in (
        *SITUATIONS,
        *NARROWER,
        *(Situation("", category=c.value, level=v.value) for c in Category for v in Level),
    ):
        for kind in RecipientKind:
            cut = fields_for(
                kind,
                [Field(field) for field in situation.agreed],
                Category(situation.category),
                Level(situation.level),
                police_excerpt=situation.switch_when_sent,
                place_notice=situation.place_notice,
            )
            seen = {field.value for field in cut}
            told = set(expected(kind.value, situation)) | (
                seen & {"excerpt", "link"} if situation.source_gone else set()
            )
            assert seen == told, (kind, situation.name)
