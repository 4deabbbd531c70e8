"""What became of signals measures the detection: by a table with reasons, in shares, and nothing of a few."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine
from typer.testing import CliRunner

from forwarding.referrals import WithdrawReason
from pipeline.key_folder import KeyFolder
from pipeline.quality import outcomes
from pipeline.quality.outcome_figures import FEWEST, NOT_TOLD, Found, OutcomeRow, report
from pipeline.quality.outcomes import Settled, settle
from pipeline.store import outcome_rows
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from seinpost.cli.outcomes import app
from signals.label import Category, Lang, Level
from signals.post import Source
from signals.referral import Feedback
from signals.signal import Outcome, RejectReason, SignalState
from tests.forwarding.channels.telling import refer, true_time
from tests.forwarding.town import CITY, NOW, STATION, Town, whole_town

YES, NO = Settled.ACTIONABLE, Settled.HARMLESS
CLOSED, REFERRED, REJECTED = SignalState.CLOSED, SignalState.REFERRED, SignalState.REJECTED
_FOUND = Found(True, Category.CONFRONTATION, Level.ACUUT, "m1/t1/s1")
_ROW = OutcomeRow(YES, Category.CONFRONTATION, Level.ACUUT, Lang.NL, Source.BLUESKY_POST, _FOUND)
VERSIONS = {"model": "m1", "terms": "t1", "settings": "s1"}


def test_every_answer_that_can_be_given_stands_in_the_table_with_a_reason() -> None:
    tables: list[tuple[Any, set[Any]]] = [
        (outcomes.REJECTED, set(RejectReason)),
        (outcomes.ANSWERED, set(Feedback)),
        (outcomes.CLOSED, set(Outcome)),
        (outcomes.WITHDRAWN, {reason.value for reason in WithdrawReason}),
    ]
    for table, all_of_them in tables:
        assert set(table) == all_of_them
        assert all(len(rule.why) > 10 for rule in table.values())


@pytest.mark.parametrize(
    ("state", "rejected", "answers", "outcome", "withdrawn", "label"),
    [
        (REFERRED, None, [], None, [], YES),
        (REFERRED, None, [Feedback.NOTHING_FOUND], None, [], YES),
        (CLOSED, None, [Feedback.NOTHING_FOUND], Outcome.NOTHING_FOUND, [], YES),
        (REFERRED, None, [Feedback.FALSE_SIGNAL, Feedback.TALK_HELD], None, [], Settled.DISPUTED),
        (CLOSED, None, [Feedback.FALSE_SIGNAL], Outcome.FALSE_SIGNAL, [], NO),
        (CLOSED, None, [Feedback.FALSE_SIGNAL], Outcome.PREVENTED, [], YES),
        (CLOSED, None, [], Outcome.PREVENTED, ["false_signal"], Settled.DISPUTED),
        (REFERRED, None, [], None, ["false_signal"], NO),
        (REFERRED, None, [], None, ["wrong_place", "over"], YES),
        (REJECTED, RejectReason.ART, [], None, [], NO),
        (REJECTED, RejectReason.NOT_CONCRETE, [], None, [], NO),
        (REJECTED, RejectReason.DUPLICATE, [], None, [], Settled.UNDECIDED),
        (REJECTED, RejectReason.OLD, [], None, [], Settled.UNDECIDED),
        (SignalState.PARKED, None, [], None, [], Settled.UNDECIDED),
        (SignalState.WAITING_SECOND, None, [], None, [], Settled.UNDECIDED),
    ],
)
def test_nothing_found_is_no_false_signal_and_the_teams_last_word_counts_first(
    state: SignalState,
    rejected: RejectReason | None,
    answers: list[Feedback],
    outcome: Outcome | None,
    withdrawn: list[str],
    label: Settled,
) -> None:
    assert settle(state, rejected, answers, outcome, withdrawn) is label


def test_shares_are_of_flagged_signals_with_a_label_and_have_their_intervals() -> None:
    wrong = replace(_ROW, settled=NO)
    renamed = replace(_ROW, category=Category.THREAT)
    open_ones = [replace(_ROW, settled=Settled.DISPUTED)] * 11 + [replace(_ROW, settled=Settled.UNDECIDED)] * 3
    made = report([_ROW] * 20 + [renamed] * 10 + [wrong] * 10 + open_ones)
    assert made.all.signals == 40
    assert made.all.right is not None
    assert made.all.right.value == 0.75
    assert 0.59 < made.all.right.low < 0.61
    assert 0.85 < made.all.right.high < 0.87
    assert made.all.category_right is not None
    assert made.all.category_right.value == pytest.approx(20 / 30)
    assert made.all.level_right is not None
    assert made.all.level_right.value == 1
    assert (made.disputed, made.undecided) == (11, None)
    assert set(made.groups) == {"category", "level", "language", "source", "version"}


def test_no_group_of_fewer_than_ten_is_told_nor_can_be_had_by_taking_the_others_from_the_whole() -> None:
    def of(lang: Lang, many: int) -> list[OutcomeRow]:
        return [replace(_ROW, lang=lang)] * many

    made = report(of(Lang.NL, 30) + of(Lang.EN, 12) + of(Lang.MIXED, 3)).groups["language"]
    assert made["nl"].signals == 30
    assert made["mixed"] == NOT_TOLD
    assert made["en"] == NOT_TOLD, "the three would be what is left"
    both = report(of(Lang.NL, 30) + of(Lang.EN, 4) + of(Lang.MIXED, 3)).groups["language"]
    assert [name for name, figures in both.items() if figures.signals is None] == ["en", "mixed"]
    few = report(of(Lang.NL, FEWEST - 1))
    assert few.all == NOT_TOLD


def test_what_professionals_handed_in_says_what_the_detection_would_have_missed() -> None:
    seen = replace(_ROW, source=Source.TIP)
    missed = replace(seen, found=replace(_FOUND, flagged=False, category=Category.NONE, level=Level.UITING))
    made = report([seen] * 15 + [missed] * 5)
    assert made.found_again is not None
    assert made.found_again.value == 0.75
    assert made.all.signals == 15, "what was not flagged is no part of how right flags are"


@pytest.fixture
def town(database: Database) -> Town:
    return whole_town(database)


def analysed(town: Town, signal: UUID, **more: object) -> None:
    analysis = {
        "flagged": True,
        "score": 0.9,
        "category": "confrontation",
        "level": "acuut",
        "versions": VERSIONS,
        **more,
    }
    with town.owner() as owner:
        owner.execute("UPDATE sightings SET analysis = %s WHERE signal_id = %s", (Jsonb(analysis), signal))


def kept(town: Town, with_text: bool = False) -> list[outcome_rows.KeptOutcome]:
    url = town.database.url.set(username=OWNER, password=town.database.password(OWNER))
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(outcome_rows.kept(connection, NOW.replace(year=NOW.year - 1), with_text))
    finally:
        engine.dispose()


def test_verdicts_feedback_closing_and_corrections_are_read_from_what_is_still_kept(town: Town) -> None:
    signal = refer(town, "wijkagent", "jenv")
    analysed(town, signal)
    rejected = town.add_signal(STATION, readers=0, text="een clip met een releasedatum")
    analysed(town, rejected)
    town.add_signal(CITY, readers=0)  # nobody read it: no row
    with town.owner() as owner:
        owner.execute("UPDATE signals SET state = 'rejected' WHERE id = %s", (rejected,))
        owner.execute(
            "INSERT INTO assessments"
            " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
            " VALUES (%s, 1, %s, false, 'reject', 'art', 'confrontation', 'uiting', %s)",
            (rejected, town.reader, NOW),
        )
        owner.execute("UPDATE signals SET category = 'threat' WHERE id = %s", (signal,))  # corrected by two people
    found = {one.row.settled: one for one in kept(town)}
    assert set(found) == {YES, NO}
    assert (found[YES].row.category, found[YES].row.found.category) == (Category.THREAT, Category.CONFRONTATION)
    assert found[YES].row.found.version == "m1/t1/s1"
    assert all(one.text is None for one in found.values())
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO feedback (referral_id, outcome, user_id, given_at)"
            " SELECT r.id, 'false_signal', %s, now() FROM referrals r WHERE r.kind = 'police'",
            (town.users["wijkagent"],),
        )
    assert {one.row.settled for one in kept(town)} == {Settled.DISPUTED, NO}
    with town.owner() as owner:
        owner.execute("UPDATE signals SET state = 'closed', outcome = 'prevented' WHERE id = %s", (signal,))
    assert {one.row.settled for one in kept(town)} == {YES, NO}


def test_a_text_is_read_only_where_it_is_asked_for_still_kept_and_not_gone_at_its_source(town: Town) -> None:
    there, emptied = town.add_signal(STATION, text="masked tekst"), town.add_signal(STATION, text=None)
    gone = town.add_signal(STATION, text="weg bij de bron", removed=True)
    for signal in (there, emptied, gone):
        analysed(town, signal)
    assert [one.text for one in kept(town)] == [None, None, None]
    assert sorted(str(one.text) for one in kept(town, with_text=True)) == ["None", "None", "masked tekst"]


def test_a_golden_card_is_no_signal(town: Town) -> None:
    signal = town.add_signal(STATION)
    analysed(town, signal)
    assert len(kept(town)) == 1
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO golden_cards (signal_id, item, verdict, note, placed_at) VALUES (%s, 'x', 'reject', '', %s)",
            (signal, NOW),
        )
    assert kept(town) == []


def test_the_command_prints_shares_and_nothing_of_a_signal(
    town: Town, keys: KeyFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = town.database.url.set(drivername="postgresql").render_as_string()
    for name, value in {"DATA": tmp_path, "KEYS": keys.path, "DATABASE_URL": url}.items():
        monkeypatch.setenv(f"SEINPOST_{name}", str(value))
    for number in range(12):
        analysed(town, town.add_signal(STATION, text=f"zqkanarie {number}"))
    said = CliRunner().invoke(app, ["--json"])
    assert said.exit_code == 0, said.output
    made = json.loads(said.stdout)
    assert made["all"]["signals"] == 12
    assert made["all"]["right"]["value"] == 1
    assert made["groups"]["version"]["m1/t1/s1"]["signals"] == 12
    plain = CliRunner().invoke(app, [])
    assert "all: 12 signals, right 100%" in plain.stdout
    for output in (said.output, plain.output):
        assert "zqkanarie" not in output
        assert STATION.name not in output


def test_signals_that_changed_are_found_through_indexes(town: Town) -> None:
    statement = (
        outcome_rows._ROWS.text.replace(":with_text", "false")
        .replace(":since", f"timestamptz '{true_time().isoformat()}'")
        .replace(":most", "10")
    )
    with town.owner() as owner:
        owner.execute("SET enable_seqscan = off")
        plan = "\n".join(line for (line,) in owner.execute(f"EXPLAIN {statement}".encode()).fetchall())
    for index in ("signals_age", "sightings_signal", "assessments_", "referral_events_referral", "feedback_pkey"):
        assert index in plan, plan
