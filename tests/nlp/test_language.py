"""The language of a text, told from its small words; for reporting only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.language import language
from nlp.normalise import fold
from signals.label import Lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("we gaan morgen naar het strand met de hele klas", Lang.NL),
        ("i will be there tomorrow with all of them", Lang.EN),
        ("ewa sahbi kom je straks naar de waggie of niet", Lang.MIXED),
        ("yarın okula geliyorum, seni de görmek için", Lang.OTHER),
        ("mañana por la tarde en el parque con los niños", Lang.OTHER),
        ("привет как дела друзья", Lang.OTHER),
        ("", Lang.NL),
        ("🔥🔥🔥 2026", Lang.NL),
    ],
)
def test_small_words_tell_the_language(text: str, lang: Lang) -> None:
    assert language(fold(text)) is lang


@given(st.text(max_size=200))
def test_every_text_has_a_language(text: str) -> None:
    assert language(fold(text)) in Lang
