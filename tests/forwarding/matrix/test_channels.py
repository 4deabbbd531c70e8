"""Recipient kind by field by channel in every situation: list, page, e-mail and preview, cell by cell."""

import re

import pytest
from sqlalchemy import text

from pipeline.store.connection import acting
from signals.referral import RecipientKind
from tests.forwarding.matrix.reading import fields_in, fields_of, never, own_place_names, places_in
from tests.forwarding.matrix.stage import KINDS, NARROWER, SITUATIONS, Sent, Stage
from tests.forwarding.matrix.table import Situation, expected, shown_by
from tests.forwarding.matrix.telling import emails
from tests.review_ui.world import Browser

EVERY = (*SITUATIONS, *NARROWER)
PREVIEWED = tuple(situation for situation in SITUATIONS if not situation.source_gone)


@pytest.fixture(scope="module")
def browsers(stage: Stage) -> dict[str, Browser]:
    """Every recipient, logged in."""
    return {name: stage.house.browser(name) for name in stage.contacts}


@pytest.fixture(scope="module")
def told(stage: Stage) -> dict[str, str]:
    """Every e-mail that was sent, by referral."""
    return emails(stage)


def who(sent: Sent, kind: RecipientKind) -> str:
    """The recipient of this kind of this signal."""
    return next(name for name in sent.referrals if name.split(".")[0] == kind.value)


def cards(page: str) -> dict[str, str]:
    """The portal's list, card by card, by the referral that each leads to."""
    found = re.findall(r'<li class="queue-card.*?</li>', page, re.DOTALL)
    return {card.split('href="/portaal/')[1].split('"')[0]: card for card in found}


@pytest.mark.parametrize("situation", EVERY, ids=lambda situation: situation.name)
def test_list_page_and_message_show_each_kind_its_row_and_nothing_else(
    stage: Stage, browsers: dict[str, Browser], told: dict[str, str], situation: Situation
) -> None:
    sent = stage.sent[situation.name]
    for kind in KINDS:
        name = who(sent, kind)
        referral, browser = sent.referrals[name], browsers[name]
        row = expected(kind.value, situation)
        answers = {
            "list": cards(browser.get("/portaal").text)[str(referral)],
            "page": browser.get(f"/portaal/{referral}").text,
            "email": told[str(referral)],
        }
        for channel, answer in answers.items():
            shown = shown_by(channel, row)
            assert fields_in(answer, sent, kind.value) == shown, (kind, channel)
            assert places_in(answer, kind.value) == (own_place_names(kind.value) if "place" in shown else []), (
                kind,
                channel,
            )
            assert [word for word in never(stage, sent, name) if word in answer] == [], (kind, channel)


@pytest.mark.parametrize("situation", PREVIEWED, ids=lambda situation: situation.name)
def test_the_preview_shows_exactly_what_the_recipient_will_see(stage: Stage, situation: Situation) -> None:
    sent, reader = stage.sent[situation.name], stage.house.browser("lezer")
    stage.switch(situation.switch_when_sent)
    try:
        for kind in KINDS:
            notice = "?plaatsbericht=true" if situation.place_notice else ""
            page = reader.get(f"/signaal/{sent.signal}/voorbeeld/{stage.contacts[kind.value]}{notice}")
            preview = page.text.split('<dl class="preview">')[1].split("</dl>")[0]
            assert fields_in(preview, sent, kind.value) == expected(kind.value, situation), kind
            assert places_in(preview, kind.value) == own_place_names(kind.value), kind
    finally:
        stage.switch(True)


def test_what_was_previewed_is_what_is_stored_and_what_is_shown(stage: Stage) -> None:
    sent = stage.sent["plain"]
    engine = stage.town.database.engine_for("seinpost_web")
    for kind in KINDS:
        with stage.owner() as owner:
            stored = owner.execute(
                "SELECT excerpt, duiding, places FROM referrals WHERE id = %s", (sent.referrals[kind.value],)
            ).fetchone()
        assert stored is not None
        page = stage.house.browser(kind.value).get(f"/portaal/{sent.referrals[kind.value]}").text
        preview = (
            stage.house.browser("lezer").get(f"/signaal/{sent.signal}/voorbeeld/{stage.contacts[kind.value]}").text
        )
        for words in (stored[0], *(stored[1] or "").splitlines(), *stored[2]):
            if words:
                assert words in page, kind
        with acting(engine, stage.town.users[kind.value], f"seinpost_recipient_{kind}") as connection:
            seen = connection.execute(
                text(f"SELECT duiding FROM seinpost.portal_{kind} WHERE id = :id"), {"id": sent.referrals[kind.value]}
            ).scalar_one()
        assert seen == stored[1]
        assert all(line in preview for line in (stored[1] or "").splitlines()), kind
    engine.dispose()


def test_every_excerpt_is_labelled_no_evidence_wherever_it_stands(stage: Stage, browsers: dict[str, Browser]) -> None:
    sent, reader = stage.sent["plain"], stage.house.browser("lezer")
    for kind in KINDS:
        pages = (
            browsers[kind.value].get(f"/portaal/{sent.referrals[kind.value]}").text,
            reader.get(f"/signaal/{sent.signal}/voorbeeld/{stage.contacts[kind.value]}").text,
        )
        for page in pages:
            assert ("Geen bewijs." in page) == ("excerpt" in expected(kind.value, sent.situation)), kind


def test_the_api_previews_the_same_row_and_labels_an_excerpt(stage: Stage) -> None:
    reader = stage.house.browser("lezer")
    for situation in PREVIEWED:
        if situation.place_notice:
            continue
        sent = stage.sent[situation.name]
        stage.switch(situation.switch_when_sent)
        try:
            for kind in KINDS:
                seen = reader.get(f"/api/v1/signals/{sent.signal}/preview/{stage.contacts[kind.value]}").json()
                assert fields_of(seen, sent, kind.value) == expected(kind.value, situation), (kind, situation.name)
                assert seen["excerpt_label"] == ("geen bewijs" if seen["excerpt"] else None), kind
        finally:
            stage.switch(True)
