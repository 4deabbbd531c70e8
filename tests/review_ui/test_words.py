"""What the screens say: marks, doubts, moments, and an English word for every Dutch one."""

from datetime import UTC, datetime, timedelta

import pytest

from nlp.reasons import Why
from review_ui.catalogue import missing
from review_ui.clock_words import ClockWords
from review_ui.labels import CONFIRM_KEYS, PARK_KEYS, REJECT_KEYS
from review_ui.language import Language, translations
from review_ui.signal.doubts import NO_PROOF, doubts
from review_ui.signal.marks import readable, stretches
from review_ui.signal.words import WHY, facts_in_words, why_flagged
from signals.analysis import Fact
from signals.label import Category, Genre, Level
from signals.post import Source
from signals.signal import ConfirmReason, ParkReason, RejectReason
from tests.review_ui.world import TEXT, analysis_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_the_marked_stretches_are_the_whole_text_in_order() -> None:
    analysis = analysis_of(TEXT, NOW, Level.ACUUT, Category.CONFRONTATION, Genre.CHAT)
    pieces = stretches(TEXT, analysis)
    assert "".join(piece.text for piece in pieces) == TEXT
    ends = [fact for piece in pieces for fact in piece.ends]
    assert sorted(ends) == sorted(fact for fact in Fact for _ in analysis.facts.spans(fact))


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"])
def test_characters_that_hide_or_turn_text_are_shown_as_a_sign(hidden: str) -> None:
    assert hidden not in readable(f"a{hidden}b")
    assert len(readable(f"a{hidden}b")) == 3


def test_accents_do_not_pile_up_over_other_lines_and_emoji_stay_whole() -> None:
    assert len(readable("a" + "\u0301" * 500)) <= 4
    assert readable("\N{WOMAN}\u200d\N{ROCKET}") == "\N{WOMAN}\u200d\N{ROCKET}"


def test_there_are_always_doubts_and_a_lyric_is_doubted_first_as_a_lyric() -> None:
    for genre in Genre:
        analysis = analysis_of(TEXT, NOW, Level.ACUUT, Category.CONFRONTATION, genre)
        said = doubts(analysis, Source.BLUESKY_POST, places_known=True)
        assert len(said) >= 2
        assert said[-1] == NO_PROOF
    lyric = analysis_of(TEXT, NOW, Level.ACUUT, Category.CONFRONTATION, Genre.LYRIC)
    assert "songtekst" in doubts(lyric, Source.BLUESKY_POST, True)[0]


def test_every_fact_is_said_in_words_or_left_open() -> None:
    analysis = analysis_of("niets bijzonders", NOW, Level.AANDACHT, Category.THREAT, Genre.CHAT)
    assert [line.quotes for line in facts_in_words("niets bijzonders", analysis)] == [()] * 5
    assert why_flagged("niets bijzonders", analysis, by_a_person=False), "a flag is never without a reason"


def test_every_reason_that_analysis_gives_has_a_dutch_word() -> None:
    assert set(WHY) == {why.value for why in Why}


def test_every_reason_to_judge_has_one_key_of_its_own_and_none_opens_a_panel() -> None:
    for keys, kinds in ((CONFIRM_KEYS, ConfirmReason), (REJECT_KEYS, RejectReason), (PARK_KEYS, ParkReason)):
        assert set(keys) == set(kinds)
        assert len(set(keys.values())) == len(keys)
        assert not set(keys.values()) & set("BAP")


def test_every_dutch_phrase_has_an_english_one() -> None:
    assert missing(Language.ENGLISH) == []


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=12), "nog 12 min"),
        (timedelta(minutes=85), "nog 1 u 25"),
        (timedelta(days=2, hours=1), "over 3 dagen"),
        (timedelta(minutes=-5), "nu"),
        (timedelta(hours=-3), "moment voorbij"),
    ],
)
def test_time_left_is_said_in_words(ahead: timedelta, words: str) -> None:
    clock = ClockWords(NOW, Language.DUTCH, translations(Language.DUTCH))
    assert clock.left(NOW + ahead, NOW + ahead + timedelta(hours=1)) == words


def test_moments_are_told_in_the_teams_own_time_zone() -> None:
    clock = ClockWords(NOW, Language.DUTCH, translations(Language.DUTCH))
    assert clock.when(NOW) == "vandaag 13:00"
    assert clock.when(NOW + timedelta(days=1)) == "morgen 13:00"
    assert (
        ClockWords(NOW, Language.ENGLISH, translations(Language.ENGLISH)).ago(NOW - timedelta(minutes=9)) == "9 min ago"
    )
