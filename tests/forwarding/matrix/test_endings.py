"""What ends, ends at once, however one asks: an agreement, a field of it, a contact, a role, the switch, the term."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from signals.referral import RecipientKind
from tests.forwarding.matrix.asking import Asking
from tests.forwarding.matrix.reading import fields_in, fields_of
from tests.forwarding.matrix.stage import KINDS, LINK, Sent, Stage
from tests.forwarding.matrix.table import FIELDS, Situation, expected
from tests.forwarding.matrix.telling import told

EVERYTHING = Situation("to end")
ENDINGS: dict[str, tuple[str, str]] = {
    "the agreement ended yesterday": (
        "UPDATE agreements SET ends_on = current_date - 1 WHERE id = '{agreement}'",
        "UPDATE agreements SET ends_on = current_date + 30 WHERE id = '{agreement}'",
    ),
    "the agreement begins in two days": (
        "UPDATE agreements SET starts_on = current_date + 2 WHERE id = '{agreement}'",
        "UPDATE agreements SET starts_on = current_date - 90 WHERE id = '{agreement}'",
    ),
    "the contact left": (
        "UPDATE contacts SET active = false WHERE id = '{contact}'",
        "UPDATE contacts SET active = true WHERE id = '{contact}'",
    ),
    "the contact is somebody else now": (
        "UPDATE contacts SET user_id = NULL WHERE id = '{contact}'",
        "UPDATE contacts SET user_id = '{user}' WHERE id = '{contact}'",
    ),
    "the account is switched off": (
        "UPDATE users SET disabled_at = now() WHERE id = '{user}'",
        "UPDATE users SET disabled_at = NULL WHERE id = '{user}'",
    ),
    "the role of recipient was taken": (
        "DELETE FROM user_roles WHERE user_id = '{user}'",
        "INSERT INTO user_roles VALUES ('{user}', 'recipient')",
    ),
    "the term is over": (
        "UPDATE referrals SET expires_at = now() - interval '1 second' WHERE id = '{referral}'",
        "UPDATE referrals SET expires_at = now() + interval '9 days' WHERE id = '{referral}'",
    ),
    "the referral is held": (
        "UPDATE referrals SET state = 'held' WHERE id = '{referral}'",
        "UPDATE referrals SET state = 'sent' WHERE id = '{referral}'",
    ),
}
TELLS_NO_MORE = {
    "the agreement ended yesterday",
    "the agreement begins in two days",
    "the contact left",
    "the term is over",
    "the referral is held",
}
"""After these the dispatcher's role finds no content either; the others are about who opens the portal."""


@pytest.fixture(scope="module")
def ending(stage: Stage) -> Sent:
    """A signal that was sent to recipients of its own."""
    for kind in KINDS:
        stage.add(f"{kind}.eindigt", kind)
    return stage.send(EVERYTHING, *(f"{kind}.eindigt" for kind in KINDS))


@contextmanager
def changed(stage: Stage, sent: Sent, name: str, change: str, back: str) -> Iterator[None]:
    """The house with this change in it."""
    with stage.owner() as owner:
        row = owner.execute("SELECT agreement_id FROM referrals WHERE id = %s", (sent.referrals[name],)).fetchone()
        assert row is not None
        ids = {
            "agreement": row[0],
            "contact": stage.contacts[name],
            "user": stage.town.users[name],
            "referral": sent.referrals[name],
        }
        owner.execute(change.format(**ids).encode())
        try:
            yield
        finally:
            owner.execute(back.format(**ids).encode())


def seen_by_sql(stage: Stage, sent: Sent, kind: RecipientKind, prepare: str = "SELECT 1") -> dict[str, str] | None:
    """The fields in the kind's own view; None where there is no row."""
    name = f"{kind}.eindigt"
    with Asking(stage, f"seinpost_recipient_{kind}", name) as ask:
        ask.rows(prepare)
        rows = ask.rows(f"SELECT * FROM seinpost.portal_{kind} WHERE id = '{sent.referrals[name]}'")
    return fields_of(rows[0], sent, kind) if rows else None


@pytest.mark.parametrize("ended", ENDINGS)
def test_after_an_ending_the_recipient_sees_and_answers_nothing_and_is_told_nothing(
    stage: Stage, ending: Sent, ended: str
) -> None:
    for kind in KINDS:
        name, referral = f"{kind}.eindigt", ending.referrals[f"{kind}.eindigt"]
        browser = stage.house.browser(name)
        with changed(stage, ending, name, *ENDINGS[ended]):
            assert seen_by_sql(stage, ending, kind) is None, kind
            for method, path, fields in (
                ("GET", "", {}),
                ("POST", "/ontvangen", {}),
                ("POST", "/terugkoppeling", {"uitkomst": "talk_held"}),
                ("POST", "/bronlink", {"reden": "nodig voor het gesprek"}),
            ):
                answer = browser.client.request(
                    method, f"/portaal/{referral}{path}", data={"csrf": browser.csrf, **fields}
                )
                assert answer.status_code in (303, 403, 404), (kind, path)
                said = answer.text.replace(f"/portaal/{referral}{path}", "")  # the address itself, to come back to
                assert fields_in(said, ending, kind) == {}, (kind, path)
                assert LINK not in said
            assert str(referral) not in browser.get("/portaal").text, kind
            if ended in TELLS_NO_MORE:
                assert fields_of(told(stage, referral), ending, kind) == {}, kind
        assert seen_by_sql(stage, ending, kind) == expected(kind, EVERYTHING), "and it came back"


@pytest.mark.parametrize("left_out", FIELDS)
def test_a_field_that_an_agreement_gives_up_after_sending_is_gone_at_once(
    stage: Stage, ending: Sent, left_out: str
) -> None:
    kept = frozenset(FIELDS) - {left_out}
    narrow = "UPDATE agreements SET fields = string_to_array('%s', ',') WHERE id = '{agreement}'"
    change, back = narrow % ",".join(sorted(kept)), narrow % ",".join(FIELDS)
    for kind in KINDS:
        if left_out not in expected(kind, EVERYTHING):
            continue
        row = expected(kind, Situation("narrowed", agreed=kept))
        name = f"{kind}.eindigt"
        with changed(stage, ending, name, change, back):
            assert seen_by_sql(stage, ending, kind) == row, kind
            page = stage.house.browser(name).get(f"/portaal/{ending.referrals[name]}").text
            assert fields_in(page, ending, kind) == row, kind
            told_now = fields_of(told(stage, ending.referrals[name]), ending, kind)
            assert left_out not in told_now, kind


def test_the_switch_turned_off_takes_excerpt_and_link_from_the_police_also_of_what_was_sent(
    stage: Stage, ending: Sent
) -> None:
    stage.switch(False)
    try:
        for kind in KINDS:
            row = expected(kind, Situation("switch off now", switch_now=False))
            assert seen_by_sql(stage, ending, kind) == row, kind
        browser, referral = stage.house.browser("police.eindigt"), ending.referrals["police.eindigt"]
        assert ending.fragment not in browser.get(f"/portaal/{referral}").text
        assert LINK not in browser.post(f"/portaal/{referral}/bronlink", reden="voor het gesprek").text
    finally:
        stage.switch(True)


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])
def test_no_time_zone_of_a_connection_makes_an_agreement_last_longer_or_begin_sooner(
    stage: Stage, ending: Sent, zone: str
) -> None:
    today = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
    back = "UPDATE agreements SET starts_on = current_date - 90, ends_on = current_date + 30 WHERE id = '{agreement}'"
    for change in (f"ends_on = {today} - 1", f"starts_on = {today} + 1"):
        with changed(
            stage, ending, "school.eindigt", f"UPDATE agreements SET {change} WHERE id = '{{agreement}}'", back
        ):
            assert (
                seen_by_sql(stage, ending, RecipientKind.SCHOOL, f"SELECT set_config('TimeZone', '{zone}', false)")
                is None
            ), change


def test_a_withdrawn_signal_shows_no_field_on_any_way(stage: Stage, ending: Sent) -> None:
    for kind in KINDS:
        name, referral = f"{kind}.eindigt", ending.referrals[f"{kind}.eindigt"]
        change = "UPDATE referrals SET state = 'withdrawn' WHERE id = '{referral}'"
        back = "UPDATE referrals SET state = 'sent' WHERE id = '{referral}'"
        with changed(stage, ending, name, change, back):
            browser = stage.house.browser(name)
            page, listed = browser.get(f"/portaal/{referral}").text, browser.get("/portaal").text
            assert "ingetrokken" in page
            assert "ingetrokken" in listed
            for answer in (page, listed, browser.post(f"/portaal/{referral}/bronlink", reden="nodig nu").text):
                assert fields_in(answer.replace(f"/portaal/{referral}/bronlink", ""), ending, kind) == {}, kind
            assert seen_by_sql(stage, ending, kind) == {}, kind
            assert fields_of(told(stage, referral), ending, kind) == {}, kind


def test_a_colleague_of_the_same_organisation_reads_nothing_of_it(stage: Stage, ending: Sent) -> None:
    for kind in KINDS:
        colleague = f"{kind}.collega"
        if colleague not in stage.contacts:
            stage.add(colleague, kind)
        office = "(SELECT organisation_id FROM contacts WHERE id = '{}')"
        with stage.owner() as owner:
            mine, other = (office.format(stage.contacts[n]) for n in (f"{kind}.eindigt", colleague))
            owner.execute(f"UPDATE contacts SET organisation_id = {mine} WHERE organisation_id = {other}".encode())
        referral = ending.referrals[f"{kind}.eindigt"]
        answer = stage.house.browser(colleague).get(f"/portaal/{referral}")
        assert answer.status_code == 404
        with Asking(stage, f"seinpost_recipient_{kind}", colleague) as ask:
            assert ask.count(f"portal_{kind}") == 0


def test_who_stands_for_two_kinds_reads_each_in_its_own_row(stage: Stage) -> None:
    stage.add("beide", RecipientKind.SCHOOL)
    as_school = stage.contacts["beide"]
    stage.add("beide", RecipientKind.FIELD)
    as_field = stage.contacts["beide"]
    found: dict[RecipientKind, tuple[Sent, UUID]] = {}
    for kind, contact in ((RecipientKind.SCHOOL, as_school), (RecipientKind.FIELD, as_field)):
        stage.contacts["beide"] = contact
        sent = stage.send(Situation(f"both, as {kind}"), "beide")
        found[kind] = (sent, sent.referrals["beide"])
    browser = stage.house.browser("beide")

    for kind, (sent, referral) in found.items():
        assert fields_in(browser.get(f"/portaal/{referral}").text, sent, kind) == expected(kind, sent.situation), kind
        for other in KINDS:
            with Asking(stage, f"seinpost_recipient_{other}", "beide") as ask:
                seen = [row["id"] for row in ask.rows(f"SELECT id FROM seinpost.portal_{other}")]
            assert (referral in seen) is (other is kind), (kind, other)
