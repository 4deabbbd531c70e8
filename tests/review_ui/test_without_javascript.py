"""Without JavaScript: two readers read and judge, one forwards, the recipient answers; every form renews the claim.

Only plain pages and forms, in a real browser that runs no script. Passkeys and live arrival are excepted.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from pipeline.store.claims import LEASE
from signals.label import Level
from tests.review_ui.conftest import Site
from tests.review_ui.world import PASSWORD

pytestmark = pytest.mark.browser


def logged_in(site: Site, username: str) -> Page:
    """Somebody who logs in through the form, in a browser without scripts."""
    page = site.page(java_script_enabled=False)
    page.goto("/inloggen")
    page.get_by_label("Naam").fill(username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    return page


def reader(site: Site, username: str) -> Page:
    """Somebody who is logged in already."""
    return site.page(username, java_script_enabled=False)


def pick_up(page: Page, signal: UUID) -> None:
    """Take a signal from the queue."""
    page.goto("/werkvoorraad")
    page.locator(f'[data-signal="{signal}"]').get_by_role("button").click()
    page.wait_for_url(f"**/signaal/{signal}")


def judge(page: Page, verdict: str, reason: str) -> None:
    """Open one of the three panels and press a reason."""
    page.locator("summary").filter(has_text=verdict).click()
    page.get_by_role("button", name=reason).click()


def test_a_signal_goes_from_the_queue_to_the_recipient_and_back_without_a_script(site: Site) -> None:
    site.world.add_directory()
    signal = site.world.add_signal()
    anna = logged_in(site, "anna")
    pick_up(anna, signal)
    expect(anna.get_by_role("heading", name="Uw oordeel")).to_be_visible()
    anna.locator("summary").filter(has_text="Bevestigen").click()
    anna.get_by_label("Duiding voor de ontvanger").fill("oproep met tijd en plaats")
    anna.get_by_role("button", name="oproep met tijd en plaats").click()
    expect(anna.get_by_text("Bevestigd. Een collega leest nu als tweede.")).to_be_visible()

    bram = reader(site, "bram")
    pick_up(bram, signal)
    expect(bram.get_by_role("heading", name="Uw oordeel als tweede lezer")).to_be_visible()
    judge(bram, "Bevestigen", "gericht op een school")
    expect(bram.get_by_role("heading", name="Doorzetten")).to_be_visible()
    bram.get_by_role("button", name="Doorzetten").click()
    expect(bram.get_by_text("Doorgezet. De ontvangers krijgen een bericht.")).to_be_visible()
    assert site.world.state_of(signal) == "referred"

    recipient = reader(site, "coordinator")
    recipient.goto("/portaal")
    recipient.get_by_role("link").filter(has_text="Confrontatie").click()
    expect(recipient.get_by_text("neem mensen mee")).to_be_visible()
    recipient.get_by_role("button", name="Ontvangen").click()
    recipient.get_by_label("gesprek gevoerd").check()
    recipient.get_by_role("button", name="Terugkoppelen").click()
    expect(recipient.get_by_text("U koppelde terug")).to_be_visible()
    bram.goto(f"/signaal/{signal}")
    expect(bram.get_by_text("gesprek gevoerd")).to_be_visible()


@pytest.mark.parametrize(
    ("verdict", "reason", "said"),
    [("Afwijzen", "kunstuiting", "Afgewezen"), ("Aanhouden", "eerst meer", "Aangehouden")],
)
def test_rejecting_and_parking_go_on_to_the_next_signal(site: Site, verdict: str, reason: str, said: str) -> None:
    first, second = site.world.add_signal("het eerste"), site.world.add_signal("het tweede", level=Level.CONCREET)
    anna = reader(site, "anna")
    pick_up(anna, first)
    judge(anna, verdict, reason)
    anna.wait_for_url(f"**/signaal/{second}**")
    expect(anna.get_by_text(said).first).to_be_visible()
    expect(anna.get_by_text("het tweede").first).to_be_visible()
    assert site.world.state_of(first) not in {"new", "claimed"}


def test_every_form_renews_the_claim(site: Site) -> None:
    """No heartbeat runs without a script: a button keeps it ten minutes longer, and so does every other form."""
    signal = site.world.add_signal()
    anna, bram = reader(site, "anna"), reader(site, "bram")
    pick_up(anna, signal)
    ends = site.world.one("SELECT expires_at FROM claims WHERE signal_id = %s", signal)
    site.world.clock.pass_by(LEASE - timedelta(minutes=1))
    anna.get_by_role("button", name="Tien minuten langer houden").click()
    assert site.world.one("SELECT expires_at FROM claims WHERE signal_id = %s", signal) > ends  # type: ignore[operator]
    site.world.clock.pass_by(LEASE - timedelta(minutes=1))
    anna.locator("summary").filter(has_text="Openen").click()
    anna.get_by_label("Waarom is dit nodig?").fill("voor de plaats")
    anna.get_by_role("button", name="Bronlink openen").click()
    site.world.clock.pass_by(LEASE - timedelta(minutes=1))
    bram.goto(f"/signaal/{signal}")
    expect(bram.get_by_text("Een collega leest dit signaal nu.")).to_be_visible()
    judge(anna, "Afwijzen", "beeldspraak")
    assert site.world.state_of(signal) not in {"new", "claimed"}


def test_a_form_after_the_lease_is_told_plainly_that_a_colleague_has_the_signal(site: Site) -> None:
    signal = site.world.add_signal()
    anna, bram = reader(site, "anna"), reader(site, "bram")
    pick_up(anna, signal)
    site.world.clock.pass_by(LEASE + timedelta(minutes=1))
    pick_up(bram, signal)
    judge(anna, "Afwijzen", "beeldspraak")
    expect(anna.get_by_text("Een collega leest dit signaal nu.")).to_be_visible()
    assert site.world.one("SELECT count(*) FROM assessments WHERE signal_id = %s", signal) == 0
