"""A reader is told where a word that counts was written in disguise, and not where people just type as they do."""

from nlp.normalise import Disguise, Undone
from nlp.reasons import Why, disguised_words, reasons
from signals.analysis import Facts, Reason, Span


def here(start: int, end: int) -> Span:
    return start, end


def told(text: str, undone: list[Undone], facts: Facts) -> list[str]:
    made = reasons(facts, [], None, here, disguised_words(text, undone, here))
    return [text[one.start : one.end] for one in made if one.why == Why.DISGUISE]


def test_a_word_that_was_hidden_inside_a_fact_is_named_as_disguised() -> None:
    text = "neem je m3s mee"
    assert told(text, [Undone(9, 10, Disguise.LEET)], Facts(means=((8, 11),))) == ["m3s"]


def test_letters_apart_are_named_as_one_stretch() -> None:
    text = "neem je m e s mee"
    assert told(text, [Undone(8, 13, Disguise.SPACED)], Facts(means=((8, 13),))) == ["m e s"]


def test_a_trick_outside_every_fact_and_term_is_no_reason() -> None:
    assert told("h3t mes", [Undone(1, 2, Disguise.LEET)], Facts(means=((4, 7),))) == []


def test_an_emoji_a_long_vowel_and_a_slip_are_how_people_type() -> None:
    for usual in (Disguise.EMOJI, Disguise.STRETCHED, Disguise.SHORTENED, Disguise.MISTYPED, Disguise.GLUED):
        assert told("het meees", [Undone(5, 7, usual)], Facts(means=((4, 9),))) == []


def test_two_tricks_in_one_word_are_one_reason() -> None:
    undone = [Undone(3, 4, Disguise.STARRED), Undone(1, 2, Disguise.LEET)]
    assert told("m3s*", undone, Facts(means=((0, 4),))) == ["m3s*"]


def test_the_facts_come_before_the_disguise_when_there_is_no_room_for_all() -> None:
    spans = tuple((at, at + 1) for at in range(0, 16, 2))
    made = reasons(Facts(target=spans), [], None, here, [(0, 1)])
    assert Reason(start=0, end=1, why=Why.DISGUISE) not in made
