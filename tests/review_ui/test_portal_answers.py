"""Answering back on the screens: asking, answering, correcting, seeing; with the keyboard, and without a fault."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from forwarding import clocks
from pipeline.store.users import UserRole
from review_ui.staffing import StaffedHours
from signals.label import CATEGORY_LABELS, Category
from tests.review_ui.conftest import Site
from tests.review_ui.test_forwarding import confirmed, contacts_on
from tests.review_ui.test_screens import _faults
from tests.review_ui.world import Browser, World


@pytest.fixture
def dispatch(world: World) -> Iterator[Engine]:
    """The role that sweeps."""
    engine = world.database.engine_for("seinpost_dispatch")
    yield engine
    engine.dispose()


def sent(world: World) -> tuple[UUID, str, str]:
    """A signal at a school and at the police: its id, and the addresses of their pages."""
    world.add_directory()
    anna = world.signed_in("anna")
    signal = confirmed(world, anna)
    anna.post(f"/signaal/{signal}/doorzetten", ontvanger=contacts_on(anna.get(f"/signaal/{signal}").text))
    school, police = (
        f"/portaal/{world.one('SELECT id FROM referrals WHERE kind = %s', kind)}" for kind in ("school", "police")
    )
    return signal, school, police


def correct(anna: Browser, signal: UUID, **changes: str) -> str:
    """Send the form of a correction as the page has it, with these changes; where it leads."""
    page = anna.client.get(f"/signaal/{signal}/wijzigen").text
    assert "Wijziging voorstellen" in page
    fields = {"lezing": "1", "soort": "confrontation", "niveau": "acuut", **changes}
    return anna.post(f"/signaal/{signal}/wijzigen", **fields).headers.get("location", "")


def proposal_on(anna: Browser, signal: UUID) -> str:
    """The address of the change that waits for a colleague on this signal's page."""
    found = re.search(rf'action="(/signaal/{signal}/wijzigen/[^/"]+)/niet"', anna.get(f"/signaal/{signal}").text)
    assert found is not None
    return found[1]


def test_a_change_that_is_dropped_or_overtaken_changes_nothing(world: World) -> None:
    signal, school, _ = sent(world)
    anna, bram, coordinator = (world.signed_in(name) for name in ("anna", "bram", "coordinator"))
    correct(anna, signal, soort="weapon")
    first = proposal_on(anna, signal)
    correct(bram, signal, soort="weapon", niveau="concreet")
    assert anna.post(f"{first}/niet").status_code == 409, "another proposal took its place"
    second = proposal_on(anna, signal)
    assert anna.post(f"{second}/niet").headers["location"].endswith("gedaan=correction_dropped#antwoorden")
    assert anna.post(f"{second}/akkoord").status_code == 409
    assert "Dit signaal is gewijzigd" not in coordinator.get(school).text
    assert world.one("SELECT category FROM signals WHERE id = %s", signal) == "confrontation"


def test_a_late_answer_stands_as_an_alarm_on_the_board_the_list_and_the_signal(world: World, dispatch: Engine) -> None:
    signal, *_ = sent(world)
    anna = world.signed_in("anna")
    assert "te laat" not in anna.get("/overzicht").text
    assert "ontvangst bevestigen" in anna.get("/antwoorden").text
    world.clock.pass_by(timedelta(minutes=16))
    clocks.sweep(dispatch, StaffedHours(), world.clock())
    assert "2 antwoorden van ontvangers zijn te laat: bel." in anna.get("/overzicht").text
    for path in ("/antwoorden", f"/signaal/{signal}"):
        assert anna.get(path).text.count("Nog niet ontvangen: bel.") == 2
    assert {row["stage"] for row in anna.client.get("/api/v1/waiting").json()} == {"alarm"}
    for (referral,) in [(row["referral_id"],) for row in anna.client.get("/api/v1/waiting").json()]:
        assert anna.call(f"/signals/{signal}/referrals/{referral}/call").status_code == 204
    assert "te laat" not in anna.get("/overzicht").text
    assert "gebeld" in anna.get("/antwoorden").text


def test_the_next_contact_goes_out_only_when_a_person_says_so(world: World, dispatch: Engine) -> None:
    signal, *_ = sent(world)
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO contacts (organisation_id, user_id, kind, role_name, display_name, email, review_on)"
            " SELECT organisation_id, user_id, kind, 'conrector', 'ander', 'ander@example.org', review_on"
            "   FROM contacts WHERE kind = 'school'"
        )
        owner.execute(
            "INSERT INTO contact_places SELECT n.id, p.place_id FROM contacts n, contacts c"
            "  JOIN contact_places p ON p.contact_id = c.id"
            " WHERE n.role_name = 'conrector' AND c.kind = 'school' AND c.id <> n.id"
        )
    world.clock.pass_by(timedelta(minutes=12))
    clocks.sweep(dispatch, StaffedHours(), world.clock())
    anna = world.signed_in("anna")
    page = anna.get(f"/signaal/{signal}").text
    assert "Ook sturen naar <bdi>conrector</bdi>" in page
    assert "Wanneer deze persoon er is, staat niet in het adresboek." in page
    assert page.count("Niemand anders is nu te bereiken, volgens het adresboek.") == 1, "of the police"
    assert world.one("SELECT count(*) FROM referrals") == 2
    contact = str(world.one("SELECT id FROM contacts WHERE role_name = 'conrector'"))
    assert anna.post(f"/signaal/{signal}/doorzetten", ontvanger=contact).status_code == 303
    assert world.one("SELECT count(*) FROM referrals") == 3


def test_who_is_away_is_not_called_and_who_stands_in_is_named_with_for_whom(world: World, dispatch: Engine) -> None:
    signal, *_ = sent(world)
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO contacts (organisation_id, user_id, kind, role_name, display_name, email, review_on, hours)"
            " SELECT organisation_id, user_id, kind, 'conrector', 'ander', 'ander@example.org', review_on,"
            "        'dag en nacht' FROM contacts WHERE kind = 'school'"
        )
        owner.execute(
            "INSERT INTO contact_absences SELECT c.id, current_date - 1, current_date + 1, n.id FROM contacts n,"
            " contacts c WHERE n.role_name = 'conrector' AND c.kind = 'school' AND c.id <> n.id"
        )
    world.clock.pass_by(timedelta(minutes=16))
    clocks.sweep(dispatch, StaffedHours(), world.clock())
    anna = world.signed_in("anna")
    page = anna.get(f"/signaal/{signal}").text
    assert re.search(r"Neemt tot en met [\d-]+ waar voor de <bdi>coördinator Veilig Leefklimaat</bdi>\.", page)
    assert "Is er nu, volgens het adresboek (<bdi>dag en nacht</bdi>)." in page
    for path in (f"/signaal/{signal}", "/antwoorden"):
        assert re.search(r"Afwezig tot en met [\d-]+\.", anna.get(path).text)


def test_a_correction_is_read_by_the_recipient_and_its_own_seen_comes_back(world: World) -> None:
    signal, school, _ = sent(world)
    anna, coordinator = world.signed_in("anna"), world.signed_in("coordinator")
    coordinator.post(f"{school}/ontvangen")
    assert "Dit signaal is gewijzigd" not in coordinator.get(school).text
    assert correct(anna, signal, soort="weapon", niveau="concreet", stond="ns:KMA", plaats="ns:KMA").endswith(
        "gedaan=correction_proposed#antwoorden"
    )
    assert "Dit signaal is gewijzigd" not in coordinator.get(school).text, "one person changes nothing that was sent"
    assert "Wijzigingen die wachten" in anna.get("/antwoorden").text
    proposal = proposal_on(anna, signal)
    assert anna.post(f"{proposal}/akkoord").status_code == 409
    assert "Akkoord, laat het weten" not in anna.get(f"/signaal/{signal}").text
    bram = world.signed_in("bram")
    assert "Akkoord, laat het weten" in bram.get(f"/signaal/{signal}").text
    assert bram.post(f"{proposal}/akkoord").headers["location"].endswith("gedaan=corrected#antwoorden")
    assert bram.post(f"{proposal}/akkoord").status_code == 409, "once"
    page = coordinator.get(school).text
    assert "Dit signaal is gewijzigd" in page
    assert CATEGORY_LABELS[Category.WEAPON] in page
    assert "Gewijzigd of ingetrokken" in coordinator.get("/portaal").text
    assert "wijziging of intrekking zien" in anna.get(f"/signaal/{signal}").text
    assert coordinator.post(f"{school}/gezien").headers["location"].endswith("gedaan=gezien")
    assert "Dit signaal is gewijzigd" not in coordinator.get(school).text
    assert world.one("SELECT category || level FROM referrals WHERE kind = 'school'") == "weaponconcreet"


def test_a_correction_that_is_not_clear_or_not_allowed_changes_nothing(world: World) -> None:
    signal, *_ = sent(world)
    anna = world.signed_in("anna")
    refused = anna.post(
        f"/signaal/{signal}/wijzigen", lezing="1", soort="weapon", niveau="acuut", plaats_erbij="bestaat niet"
    )
    assert refused.status_code == 422
    assert "Nog niet opgeslagen." in refused.text
    for soort, niveau in (("weapon", "uiting"), ("none", "acuut")):
        assert anna.post(f"/signaal/{signal}/wijzigen", lezing="1", soort=soort, niveau=niveau).status_code == 409
    waits = world.add_signal("een ander bericht")
    assert anna.get(f"/signaal/{waits}/wijzigen").status_code == 409
    assert world.signed_in("coordinator").get(f"/signaal/{signal}/wijzigen").status_code == 403
    assert world.one("SELECT category FROM signals WHERE id = %s", signal) == "confrontation"


def test_the_api_asks_answers_and_corrects_by_the_same_rules(world: World) -> None:
    signal, school, _ = sent(world)
    anna, coordinator = world.signed_in("anna"), world.signed_in("coordinator")
    coordinator.post(f"{school}/vraag", onderwerp="other", vraag="Is dit nog zo? Mail mij op a@b.nl")
    (question,) = anna.client.get(f"/api/v1/signals/{signal}/questions").json()
    assert "a@b.nl" not in question["body"]
    address = f"/signals/{signal}/questions/{question['id']}/answer"
    assert anna.call(address, {"words": "Ja, tot vijf uur."}).status_code == 204
    assert anna.call(address, {"words": "Nog eens."}).json()["error"] == "no_such_question"
    assert "Ja, tot vijf uur." in coordinator.get(school).text
    window = {"start": None, "end": None}
    wanted = {"category": "weapon", "level": "concreet", "places": ["ns:KMA"], "window": window}
    assert anna.call(f"/signals/{signal}/correction", {**wanted, "places": ["nergens"]}).status_code == 422
    proposal = anna.call(f"/signals/{signal}/correction", wanted).json()["proposal_id"]
    agreeing = f"/signals/{signal}/correction/{proposal}/agree"
    assert anna.call(agreeing, {}).json()["error"] == "own_proposal"
    reached = world.signed_in("bram").call(agreeing, {}).json()
    assert len(reached["changed"]) == 2
    assert reached["withdrawn"] == []


def test_the_quality_page_counts_outcomes_and_hides_few_from_who_reads_no_signals(world: World) -> None:
    _, school, _ = sent(world)
    coordinator = world.signed_in("coordinator")
    coordinator.post(f"{school}/ontvangen")
    coordinator.post(f"{school}/terugkoppeling", uitkomst="false_signal")
    page = world.signed_in("anna").get("/kwaliteit").text
    assert "Wat kwam eruit?" in page
    table = page.split('id="uitkomst"')[1]
    assert table.count("<td>1</td>") == 2, "the answer, and together"
    world.add_person("gerda", UserRole.BOARD)
    table = world.signed_in("gerda").get("/kwaliteit").text.split('id="uitkomst"')[1]
    assert "<td>1</td>" not in table
    assert "minder dan 10" in table


def press(page: Page, name: str, role: str = "button") -> None:
    """With the keyboard alone."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    target.focus()
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_question_answer_correction_and_withdrawal_with_the_keyboard_alone(site: Site, script: bool) -> None:
    signal, school, police = sent(site.world)
    wide, phone = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
    anna = site.page("anna", viewport=wide, java_script_enabled=script)
    coordinator = site.page(None, viewport=phone, java_script_enabled=script)
    officer = site.page(None, viewport=phone, java_script_enabled=script)
    for page, who in ((coordinator, "coordinator"), (officer, "wijkagent")):
        token = site.world.signed_in(who).client.cookies["seinpost_session"]
        page.context.add_cookies([{"name": "seinpost_session", "value": token, "url": site.address}])
    officer.goto(police)
    expect(officer.get_by_label("Een andere vraag")).to_have_count(0)
    expect(officer.get_by_label("Uw vraag in eigen woorden")).to_have_count(0)
    coordinator.goto(school)
    press(coordinator, "Ontvangen")
    coordinator.get_by_label("Een andere vraag").focus()
    coordinator.keyboard.press("Space")
    coordinator.keyboard.press("Tab")
    coordinator.keyboard.type("Komt er toezicht bij het station?")
    press(coordinator, "Vragen")
    expect(coordinator.get_by_text("Uw vraag is gesteld.")).to_be_visible()

    anna.goto("/antwoorden")
    expect(anna.get_by_text("Een andere vraag")).to_be_visible()
    looks = [(anna, "/antwoorden"), (anna, f"/signaal/{signal}")]
    if script:
        for page, path in looks:
            assert _faults(page, path) == []
    anna.goto(f"/signaal/{signal}")
    anna.get_by_label("Uw antwoord").focus()
    anna.keyboard.type("Ja, vanaf drie uur.")
    anna.keyboard.press("Enter")
    expect(anna.get_by_text("Uw antwoord is verstuurd.")).to_be_visible()
    press(anna, "Soort, niveau, plaats of tijd wijzigen", "link")
    anna.get_by_label("Niveau").focus()
    anna.keyboard.press("ArrowDown")
    if script:
        assert _faults(anna) == []
    press(anna, "Wijziging voorstellen")
    expect(anna.get_by_text("Voorgesteld.", exact=False).first).to_be_visible()
    if script:
        assert _faults(anna) == []
    bram = site.world.signed_in("bram")
    assert bram.post(f"{proposal_on(bram, signal)}/akkoord").status_code == 303

    coordinator.goto(school)
    expect(coordinator.get_by_text("Ja, vanaf drie uur.")).to_be_visible()
    expect(coordinator.get_by_role("heading", name="Dit signaal is gewijzigd")).to_be_visible()
    if script:
        assert _faults(coordinator) == []
    press(coordinator, "Gezien")
    expect(coordinator.get_by_text("De beoordelaars weten dat u dit heeft gezien.")).to_be_visible()

    site.world.signed_in("anna").post(f"/signaal/{signal}/intrekken", reden="over")
    coordinator.goto(school)
    if script:
        assert _faults(coordinator) == []
    press(coordinator, "Gezien")
    expect(coordinator.get_by_text("U liet weten dat u dit heeft gezien.")).to_be_visible()
    expect(coordinator.get_by_text("Ja, vanaf drie uur.")).to_have_count(0)
    for page in (anna, coordinator, officer):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") or not script
        assert page.problems == []  # type: ignore[attr-defined]
