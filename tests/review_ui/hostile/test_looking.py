"""The look itself is tried: it sees text that turns its surroundings, a button that is covered, and a page too wide."""

import pytest
from playwright.sync_api import Browser

from tests.review_ui.hostile.looking import LOOK
from tests.review_ui.hostile.seen import faults, read

pytestmark = pytest.mark.browser

PAGES = {
    "turned": (
        "<p>Plaats: <span>שלום עולם</span> 12 uur</p>",
        "<p>Plaats: <b>a\u202e</b> na de tekst</p>",
        "<p>Plaats: <bdi>a\u2069\u2069\u202e</bdi> na de tekst</p>",  # ends the isolation that bdi gives
    ),
    "outOfReach": ("<p style='position:relative'><button>ok</button><i style='position:absolute;inset:0'>x</i></p>",),
    "wide": (f"<p>{'a' * 3000}</p>",),
}
SOUND = "<p>Plaats: <bdi>שלום עולם</bdi> 12 uur <bdi>a\u202e</bdi> <button>ok</button></p>"


def test_what_is_out_of_shape_is_seen_and_what_is_sound_is_not_blamed(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(SOUND)
    seen = page.evaluate(LOOK)
    assert [seen[fault] for fault in PAGES] == [[], [], False]
    for fault, bodies in PAGES.items():
        for body in bodies:
            page.set_content(body)
            assert page.evaluate(LOOK)[fault], body
    page.close()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("<p>Plaats: <bdi><b>x</b></bdi></p>", "an element of its own"),
        ("<p>Plaats: &lt;b>x&lt;/b></p>", "words outside"),
        ("<p>Plaats: <bdi>&lt;b>iets anders</bdi></p>", "words that nobody wrote"),
        ("<p>Plaats: <bdi>x</bdi></p>", "not shown as it was given"),
        ("<p>Plaats: <bdi>&lt;b>x&lt;/b>\u202e</bdi></p>", "a hiding character"),
        ("<p>Plaats: <bdi>&lt;b>x\u0301\u0301\u0301\u0301&lt;/b></bdi></p>", "more than three accents"),
    ],
)
def test_a_page_that_shows_a_text_wrongly_is_told_apart(written: str, fault: str) -> None:
    ordinary = read("<p>Plaats: <bdi>gewoon</bdi></p>")
    text = "<b>x</b>"
    assert faults(read("<p>Plaats: <bdi>&lt;b>x&lt;/b></bdi></p>"), ordinary, [text], [text]) == []
    assert any(one.startswith(fault) for one in faults(read(written), ordinary, [text], [text]))
