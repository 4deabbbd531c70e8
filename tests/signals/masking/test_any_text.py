"""Whatever the text: masking never fails, points back into the given text, is the same twice and stays quick."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.masking import mask

PIECES = st.sampled_from(
    [
        *(
            "@",
            "u/",
            "t.me/",
            "snap: ",
            "insta ",
            "06",
            "12345678",
            "+31 6",
            " ",
            ".",
            "-",
            "/",
            "://",
            "www.",
            "[",
            "]",
        ),
        *(
            "[@]",
            "[naam]",
            "@user",
            "<url>",
            "NL00BANK",
            "0123456789",
            "AB-12-34",
            "Kerkstraat",
            " 75",
            "Sanne",
            " de ",
        ),
        *(
            "Vries",
            "hij heet ",
            "pak ",
            "meneer ",
            "\u200b",
            "\u0301",
            "\ue000",
            "\ufe0f",
            "🔥",
            "é",
            "İ",
            "ß",
            "ﬁ",
            "①",
        ),
        *("\n", "a", "Z"),
    ]
)
HOSTILE = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=24).map("".join))
CANARIES = [
    *("@qzcanary7.zaan", "https://qzcanary7.invalid/x", "06-98765430", "qzcanary7@voorbeeld.invalid", "QZ-987-K"),
    *("NL00 QZQZ 0987 6543 21", "insta: qzcanary7", "t.me/qzcanary7"),
]


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_every_span_maps_into_the_given_text_in_order(text: str) -> None:
    masked = mask(text)
    edges = [masked.to_original(place, place)[0] for place in range(len(masked.text) + 1)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert masked.to_original(0, len(masked.text)) == (0, len(text))
    for start in range(0, len(masked.text), 3):
        for end in range(start, min(len(masked.text), start + 9) + 1):
            first, last = masked.to_original(start, end)
            assert 0 <= first <= last <= len(text)


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CANARIES), HOSTILE, HOSTILE, st.sampled_from([" ", "\n", ", ", " 🔥 ", "\t"]))
def test_no_canary_survives_between_random_text(canary: str, before: str, after: str, gap: str) -> None:
    masked = mask(before + gap + canary + gap + after).text
    for core in ("qzcanary7", "98765430", "987 6543", "0987", "QZ-987-K"):
        if core in canary:
            assert core not in masked.replace(before, "").replace(after, "") or core in before + after


def test_a_span_of_kept_words_maps_to_the_same_words() -> None:
    text = "bel 06-12345678 bij station Zaandam 🔥 @bokkie"
    masked = mask(text)
    start = masked.text.index("station Zaandam")
    first, last = masked.to_original(start, start + len("station Zaandam"))
    assert text[first:last] == "station Zaandam"
    token = masked.text.index("[@]")
    first, last = masked.to_original(token, token + 3)
    assert text[first:last] == "@bokkie"


def test_a_span_outside_the_masked_text_is_refused() -> None:
    for start, end in ((-1, 2), (0, 99), (3, 2)):
        with pytest.raises(ValueError, match="does not lie"):
            mask("kort").to_original(start, end)


@pytest.mark.parametrize(
    "unit",
    [
        *("#", "@", "1-", "a.", "a", "://", "(", "06 ", "a@", "@a", "Sanne ", "Sanne de ", "straat", "NL91 ", "[at]"),
        *("snap: ", "zes", "A-", "hij heet ", "\u200b", "é", "www.", "met jan "),
    ],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        begin = time.process_time()
        mask(text)
        return time.process_time() - begin

    mask("Sanne")
    small, large = seconds(20_000), seconds(160_000)
    assert large < max(small, 0.05) * 8 * 4  # eight times the text, with room for a busy machine
    assert large < 10


def test_thousands_of_short_posts_a_second_on_one_core() -> None:
    posts = [
        "vanmiddag na school bij het hek, neem iedereen mee 🔥",
        "Wie van 5 havo heeft de samenvatting? Ruil tegen 2 stroopwafels.",
        "pak @bokkie075 bij station Zaandam om 16:00",
        "ze zoeken mij maar ik slaap met een oog dicht, het andere staat op wacht",
    ] * 500
    mask(posts[0])
    begin = time.process_time()
    for post in posts:
        mask(post)
    rate = len(posts) / (time.process_time() - begin)
    print(f"{rate:.0f} posts a second")
    assert rate > 2500  # 5,000 and more on a quiet machine; half of it while other tests run
