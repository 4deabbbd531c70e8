"""Answering back: read, received, fed back; and what a recipient sees when a signal is withdrawn or over."""

from forwarding.referrals import WithdrawReason, withdraw
from signals.referral import FEEDBACK_LABELS, RecipientKind
from tests.forwarding.town import NAMED_TIME, NOW, TEXT
from tests.portal.conftest import House


def states(house: House) -> list[str]:
    with house.town.owner() as owner:
        rows = owner.execute("SELECT to_state FROM referral_events ORDER BY id").fetchall()
    return [str(row[0]) for row in rows]


def test_opening_is_reading_then_received_then_feedback_from_the_closed_list(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    page = browser.get(f"/portaal/{referral}")
    assert "Ontvangen" in page.text
    browser.get(f"/portaal/{referral}")
    assert states(house) == ["prepared", "read"]
    assert browser.post(f"/portaal/{referral}/ontvangen").status_code == 303
    asked = browser.get(f"/portaal/{referral}?gedaan=ontvangen").text
    assert "De ontvangst is bevestigd" in asked
    assert all(label in asked for label in FEEDBACK_LABELS.values())
    assert browser.post(f"/portaal/{referral}/terugkoppeling", uitkomst="visibly_present").status_code == 303
    assert "zichtbaar aanwezig" in browser.get(f"/portaal/{referral}").text
    assert states(house) == ["prepared", "read", "acknowledged", "fed_back"]
    with house.town.owner() as owner:
        actions = owner.execute("SELECT payload::jsonb->>3 FROM trail WHERE payload::jsonb->>3 LIKE 'referral%'")
        assert [row[0] for row in actions] == [
            "referral_prepared",
            "referral_read",
            "referral_acknowledged",
            "referral_fed_back",
        ]


def test_a_form_sent_twice_counts_once(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    for _ in range(2):
        assert browser.post(f"/portaal/{referral}/ontvangen").status_code == 303
    for outcome in ("talk_held", "nothing_found"):
        assert browser.post(f"/portaal/{referral}/terugkoppeling", uitkomst=outcome).status_code == 303
    assert "gesprek gevoerd" in browser.get(f"/portaal/{referral}").text
    assert states(house) == ["prepared", "read", "acknowledged", "fed_back"]


def test_feedback_outside_the_list_or_without_a_choice_is_not_kept(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    browser.post(f"/portaal/{referral}/ontvangen")
    assert browser.post(f"/portaal/{referral}/terugkoppeling", uitkomst="het was Jan").status_code == 422
    assert browser.post(f"/portaal/{referral}/terugkoppeling").headers["location"].endswith("gedaan=kies")
    assert states(house)[-1] == "acknowledged"


def test_a_form_from_another_site_changes_nothing(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    assert browser.post(f"/portaal/{referral}/ontvangen", csrf="geraden").status_code == 403
    assert states(house) == ["prepared"]


def test_a_withdrawn_signal_says_so_and_shows_nothing_else(house: House) -> None:
    contact = house.add_recipient("school", RecipientKind.SCHOOL)
    (referral,) = house.send(contact)
    browser = house.browser("school")
    browser.get(f"/portaal/{referral}")
    with house.town.expert() as connection:
        with house.town.owner() as owner:
            row = owner.execute("SELECT signal_id FROM referrals").fetchone()
        assert row is not None
        withdraw(connection, row[0], house.town.reader, NOW, WithdrawReason.FALSE_SIGNAL)
    page, overview = browser.get(f"/portaal/{referral}").text, browser.get("/portaal").text
    for shown in (page, overview):
        assert "ingetrokken" in shown
        for content in (TEXT, "Rietdam-Elsbroek", "Confrontatie", "Acuut", NAMED_TIME):
            assert content not in shown
    assert browser.post(f"/portaal/{referral}/terugkoppeling", uitkomst="talk_held").status_code == 303
    assert states(house)[-1] == "withdrawn"


def test_a_signal_that_is_over_is_told_like_one_that_never_was(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    with house.town.owner() as owner:
        owner.execute("UPDATE referrals SET expires_at = now() - interval '1 second'")
    over, never = browser.get(f"/portaal/{referral}"), browser.get("/portaal/00000000-0000-4000-8000-000000000000")
    assert over.status_code == never.status_code == 404
    assert over.text.replace(str(referral), "") == never.text.replace("00000000-0000-4000-8000-000000000000", "")
    assert "28 dagen" in over.text


def test_a_source_link_needs_a_reason_and_leaves_a_line_on_the_trail(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    assert "minstens vijf tekens" in browser.post(f"/portaal/{referral}/bronlink", reden="x").text
    asked = browser.post(f"/portaal/{referral}/bronlink", reden="gesprek met de ouders")
    assert "hoort geen link" in asked.text
    with house.town.owner() as owner:
        lines = owner.execute("SELECT payload FROM trail WHERE payload::jsonb->>3 LIKE 'unseal%'").fetchall()
    assert len(lines) == 1
    assert "ouders" not in lines[0][0]


def test_the_police_without_the_switch_cannot_open_a_link_by_writing_the_form_themselves(house: House) -> None:
    (referral,) = house.send(house.add_recipient("politie", RecipientKind.POLICE), police_excerpt=False)
    answer = house.browser("politie").post(f"/portaal/{referral}/bronlink", reden="voor de zaak")
    assert "U mag deze link niet openen" in answer.text


def test_hostile_text_stays_text(house: House) -> None:
    hostile = "<script>alert(1)</script> vanmiddag <img src=x onerror=alert(2)>"
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL), text=hostile)
    page = house.browser("school").get(f"/portaal/{referral}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
