"""Words out of HTML, in time that grows with its length whatever it holds."""

import contextlib
import time

import pytest

from collectors.readers.html_tree import TooDeep
from collectors.readers.html_words import words_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &amp; b<br>c</p><script>x</script><style>y</style>z<!-- weg -->", "a & b\nc\nz"),
        ("x < y & z", "x < y & z"),
        ("a\nb<p>c\n\nd", "a b\nc d"),
        ("geen <b>vet</b>\u00a0wel", "geen vet wel"),
        ("<svg><p>weg</p></svg>na", "na"),
        ("voor</body></html>achter", "voor achter"),
        ("<a href='https://voorbeeld.example/x'>hier</a>", "hier"),
        ("", ""),
        ("<>", "<>"),
    ],
)
def test_words_and_lines_stay_and_all_else_goes(html: str, text: str) -> None:
    assert words_of(html) == text


@pytest.mark.parametrize("piece", ["<a ", "<", "<!--", "</", "<div>", "&", "<p> ", " \n", "<a href='", "<![CDATA["])
def test_ten_times_as_much_takes_no_hundred_times_as_long(piece: str) -> None:
    def seconds(length: int) -> float:
        began = time.process_time()
        with contextlib.suppress(TooDeep):
            words_of(piece * (length // len(piece)))
        return time.process_time() - began

    assert seconds(400_000) < 40 * seconds(40_000) + 0.5


def test_half_a_pair_of_surrogates_is_no_fault() -> None:
    assert words_of("<p>\ud800 hoi") == "? hoi"


def test_what_is_nested_too_deep_is_refused_whole_and_not_read_by_half() -> None:
    with pytest.raises(TooDeep):
        words_of("voor" + "<div>" * 100_000 + "diep")
