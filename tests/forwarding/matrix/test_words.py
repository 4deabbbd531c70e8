"""What a recipient's page and message can say at all: no name of a person, no word that calls somebody something."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from jinja2 import Environment, nodes

from forwarding import need_to_know, views
from forwarding.channels import message
from pipeline.store.portal import Received
from review_ui.catalogue import phrases
from review_ui.language import Language, translations
from review_ui.portal import wording
from review_ui.templating import HERE
from signals.masking import mask

TEMPLATES = HERE / "templates"
PORTAL = sorted((TEMPLATES / "portal").glob("*.html"))
OF_A_PERSON = frozenset(
    {
        "display_name",
        "username",
        "pseudonym",
        "email",
        "phone",
        "role_name",
        "prepared_by",
        "holder",
        "author",
        "handle",
    }
)
CALLS_SOMEBODY_SOMETHING = re.compile(
    r"\b(dader|verdacht|bende|risicojongere|treffer|crimineel|perpetrator|suspect|offender|culprit|gang)\w*",
    re.IGNORECASE,
)


def attributes(template: Path) -> Iterator[tuple[str, str]]:
    """What a template reads of what it is given: (of what, which)."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template.read_text(encoding="utf-8"))
    for found in tree.find_all(nodes.Getattr):
        of = found.node.name if isinstance(found.node, nodes.Name) else "?"
        yield of, found.attr
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const):
            yield "?", str(item.arg.value)


def said_in(template: Path) -> list[str]:
    """The phrases of a template, in Dutch and in English."""
    english = translations(Language.ENGLISH)
    options = {"extensions": "jinja2.ext.i18n", "silent": "false"}
    found = extract_from_file("jinja2.ext:babel_extract", template, options=options)
    said = [word for _, words, _, _ in found for word in ([words] if isinstance(words, str) else words) if word]
    return said + [english.gettext(word) for word in said]


def test_no_page_of_a_recipient_reads_a_name_of_anybody() -> None:
    read = {template.stem: {which for _, which in attributes(template)} for template in PORTAL}
    assert {"excerpt", "duiding", "places"} <= read["referral"], "what a page reads was not found"
    assert {page: found & OF_A_PERSON for page, found in read.items() if found & OF_A_PERSON} == {}


def test_the_frame_around_every_page_names_only_who_is_logged_in() -> None:
    named = {(of, which) for of, which in attributes(TEMPLATES / "base.html") if which in OF_A_PERSON}
    assert named <= {("user", "display_name")}


def test_what_the_portal_is_given_holds_no_field_for_a_person() -> None:
    assert set(Received.__dataclass_fields__) & OF_A_PERSON == set()


@pytest.mark.parametrize("template", PORTAL, ids=lambda template: template.stem)
def test_no_phrase_of_a_recipients_page_is_a_name_or_has_room_for_one(template: Path) -> None:
    for phrase in said_in(template):
        assert "[naam]" not in mask(phrase).text, phrase
        assert re.findall(r"%\((\w*(?:name|naam|who|wie|user|reader|lezer)\w*)\)s", phrase) == [], phrase


def test_no_phrase_of_any_screen_calls_somebody_a_perpetrator_or_a_suspect() -> None:
    english = translations(Language.ENGLISH)
    said = {word for phrase in phrases() for word in phrase}
    assert len(said) > 500, "the phrases were not found"
    for phrase in said | {english.gettext(word) for word in said}:
        assert CALLS_SOMEBODY_SOMETHING.search(phrase) is None, phrase


def test_no_sentence_that_is_sent_or_previewed_calls_somebody_something() -> None:
    for module in (message, need_to_know, views, wording):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert CALLS_SOMEBODY_SOMETHING.search(source) is None, module.__name__
