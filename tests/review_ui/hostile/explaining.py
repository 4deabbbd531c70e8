"""What the product itself adds to a page for explained words: any hostile text may hold a listed one."""

import re
from dataclasses import replace
from functools import cache
from hashlib import sha256

from nlp.terms import shipped
from review_ui import labels
from review_ui.language import Language
from review_ui.signal.marks import stretches
from review_ui.slang.words import MOST, Explained, explained
from review_ui.templating import HERE, _environment
from tests.review_ui.hostile.seen import Seen, read

SCRIPT = "GET /static/slang.js"
"""What a page with an explained word asks besides."""


def as_explained(ordinary: Seen) -> Seen:
    """A page with an ordinary text, and all that may stand there besides for words that are explained."""
    more = explaining()
    return Seen(ordinary.elements | more.elements, ordinary.others, f"{ordinary.own} {more.own}")


def _address(name: str) -> str:
    return f"/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"


@cache
def explaining() -> Seen:
    """Every element and every word of the list below a text, with the marks in it, as made here and as scripted."""
    words = _environment(Language.DUTCH).from_string(
        '{% from "parts/marked_text.html" import marked_text, word_list with context %}'
        "{{ marked_text(stretches, explained, '') }}{{ word_list(explained) }}"
        "<script src=\"{{ static('slang.js') }}\" defer></script>"
        '<div class="slang-note" id="woord-uitleg" popover="manual" role="tooltip"></div>'
    )
    listed = [term.text for term in shipped().terms if explained(term.text).words]
    seen = Seen()
    for at in range(0, len(listed), MOST):
        text = ". ".join(listed[at : at + MOST])
        found = explained(text)
        other = Explained(tuple(replace(word, written="␣") for word in found.words))  # in disguise: listed otherwise
        page = "".join(
            words.render(stretches=stretches(text, None, found.spans), explained=each, labels=labels, static=_address)
            for each in (found, other)
        )
        seen.own += read(page).own
        seen.elements |= read(page).elements | read(page.replace(" data-begins", "")).elements  # a mark may cut a word
        for tab in ("0", "-1"):
            scripted = f'data-word="woord-\\1" role="button" tabindex="{tab}" aria-describedby="woord-\\1" data-begins'
            seen.elements |= read(re.sub(r'data-word="woord-(\d+)" data-begins', scripted, page)).elements
    return seen
