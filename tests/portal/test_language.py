"""The portal speaks English too: nothing that it can say is without a translation."""

import re
from pathlib import Path

from forwarding.need_to_know import HELP_QUESTIONS, LOOK_OUT, THEMES
from review_ui.language import Language, translations
from review_ui.portal.wording import ANSWERED, groups
from review_ui.templating import HERE
from signals.referral import FEEDBACK_LABELS, RECIPIENT_KIND_LABELS, REFERRAL_STATE_LABELS, RecipientKind
from tests.portal.conftest import House

_SAID = re.compile(r'_\("([^"]+)"')


def test_every_sentence_of_the_portal_has_an_english_one() -> None:
    english = translations(Language.ENGLISH)
    said = {
        sentence
        for template in Path(HERE / "templates" / "portal").glob("*.html")
        for sentence in _SAID.findall(template.read_text(encoding="utf-8"))
    }
    for table in (ANSWERED, LOOK_OUT, FEEDBACK_LABELS, RECIPIENT_KIND_LABELS, REFERRAL_STATE_LABELS, HELP_QUESTIONS):
        said |= set(table.values())
    said |= set(THEMES.values())
    same_in_both = {"drugs"}
    assert {sentence for sentence in said - same_in_both if english.gettext(sentence) == sentence} == set()
    assert groups([]) == []


def test_a_recipient_who_chose_english_reads_english(house: House) -> None:
    (referral,) = house.send(house.add_recipient("field", RecipientKind.FIELD))
    browser = house.browser("field")
    browser.client.cookies.set("seinpost_language", "en")
    page = browser.get(f"/portaal/{referral}").text
    assert "Be visibly present and look out for groups that gather." in page
    assert "Theme: violence" in page
