"""Which phrases the screens say, and which of them a language's catalogue still lacks. It translates nothing.

`python -m review_ui.catalogue` prints what is missing as lines for a .po file.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir, extract_from_file

from forwarding.need_to_know import HELP_QUESTIONS, LOOK_OUT, THEMES
from review_ui import errors, labels
from review_ui.answers import words as answer_words
from review_ui.coverage import telling
from review_ui.coverage import words as coverage_words
from review_ui.dead_letters import words as dead_letter_words
from review_ui.directory import words as directory_words
from review_ui.keys import ACTIONS, PROBLEMS
from review_ui.language import Language, translations
from review_ui.meeting import words as meeting_words
from review_ui.overview import words as overview_words
from review_ui.portal import support_words, wording
from review_ui.practice import words as practice_words
from review_ui.quality import words as quality_words
from review_ui.reader import wording as reader_wording
from review_ui.report import wording as report_wording
from review_ui.signal import doubts, form, words
from review_ui.situation import words as situation_words
from review_ui.slang import words as slang_words
from signals.label import Level

HERE = Path(__file__).parent
Phrase = tuple[str, ...]
"""One phrase, or its singular and plural."""


def phrases() -> list[Phrase]:
    """Everything a screen may say, in the language it is written in."""
    return sorted({*_in_templates(), *_in_code(), *((line,) for line in _in_tables())})


def missing(language: Language) -> list[Phrase]:
    """Phrases that a language's catalogue does not hold."""
    return [phrase for phrase in phrases() if _said(language, phrase) == phrase[0] and phrase not in _SAME]


def _said(language: Language, phrase: Phrase) -> str:
    catalogue = translations(language)
    return catalogue.ngettext(phrase[0], phrase[1], 1) if len(phrase) > 1 else catalogue.gettext(phrase[0])


_SAME = frozenset(
    {
        ("Code",),
        ("E-mail",),
        ("Genius",),
        ("Mastodon: hashtags",),
        ("Snapchat",),
        ("SoundCloud",),
        ("TikTok",),
        ("X",),
        ("Filter",),
        ("Model",),
        ("drugs",),
        ("drugs?",),
        ("expert",),
        ("school",),
        ("sport",),
        ("station",),
    }
)
"""Phrases that are the same in English."""


def _in_templates() -> Iterator[Phrase]:
    pattern = "**.html"
    found = extract_from_dir(
        HERE / "templates",
        method_map=[(pattern, "jinja2.ext:babel_extract")],
        options_map={pattern: {"trim_blocks": "true", "lstrip_blocks": "true"}},
    )
    return (_phrase(message) for _, _, message, _, _ in found)


def _in_code() -> Iterator[Phrase]:
    found = extract_from_file("python", HERE / "clock_words.py", keywords={"gettext": None})
    return (_phrase(message) for _, message, _, _ in found)


def _phrase(message: str | tuple[str, ...]) -> Phrase:
    return (message,) if isinstance(message, str) else message


def _in_tables() -> Iterator[str]:
    for name in (
        "CATEGORIES",
        "LEVELS",
        "FACTS",
        "FACT_WORDS",
        "WHY_WORDS",
        "PLACE_KINDS",
        "SOURCES",
        "STATES",
        "REFERRAL_STATES",
        "RECIPIENTS",
        "FEEDBACK",
        "REASONS",
        "VERDICTS",
        "VIEWS",
        "ROLES",
        "FIELDS",
        "OUTCOMES",
        "WITHDRAW_REASONS",
        "OFFER_REASONS",
        "GIVE_BACK_REASONS",
    ):
        yield from getattr(labels, name).values()
    for outcome in (*errors.OUTCOMES.values(), errors.NOT_FOUND, errors.WRONG, errors.BROKEN):
        yield from (outcome.what, outcome.next)
    yield from doubts.ALL
    yield from form.ALL
    yield from (*(label for _, label in ACTIONS.values()), *PROBLEMS)
    yield from (*words.WHY.values(), words.WITH_TIME_AND_PLACE, words.AS_A_WHOLE, words.BROUGHT_BY_A_PERSON)
    yield from (words.guide_rule(level) for level in Level)
    yield from wording.ANSWERED.values()
    yield from (phrase for pair in report_wording.WHY_NOT.values() for phrase in pair)
    yield from report_wording.PROGRESS.values()
    yield from wording.HEADINGS
    yield from support_words.phrases()
    yield from answer_words.phrases()
    yield from coverage_words.phrases()
    yield from telling.phrases()
    yield from dead_letter_words.phrases()
    yield from directory_words.phrases()
    yield from practice_words.phrases()
    yield from quality_words.phrases()
    yield from slang_words.phrases()
    yield from reader_wording.phrases()
    yield from overview_words.phrases()
    yield from situation_words.phrases()
    yield from meeting_words.phrases()
    yield from (*THEMES.values(), *LOOK_OUT.values(), *HELP_QUESTIONS.values())


if __name__ == "__main__":
    for phrase in missing(Language.ENGLISH):
        keys = ("msgid", "msgid_plural")
        sys.stdout.write("".join(f"{key} {line!r}\n" for key, line in zip(keys, phrase, strict=False)))
