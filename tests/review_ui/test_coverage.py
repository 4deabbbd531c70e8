"""Bronnen en dekking: who may see it, what it says of silence and trouble, and what it never shows."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collectors.health import HealthState
from collectors.health_reasons import Matter
from collectors.kinds import kinds
from pipeline.store.users import UserRole
from review_ui.coverage.words import KINDS, MATTERS, kind_name
from tests.review_ui.conftest import Site
from tests.review_ui.world import SCHOOL, World


def add_order(world: World, *sources: str) -> UUID:
    """An order in force for these sources of posts."""
    order, now = uuid4(), world.clock()
    people = [world.add_person(name, UserRole.ORDER_APPROVER) for name in ("opsteller", "eerste", "tweede")]
    named = ", ".join(f'"{source}"' for source in sources)
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO orders (id, controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES (%s, 'x', 'x', 'qzaanleiding', %s::jsonb, %s, %s, %s)",
            (order, f'{{"sources": [{named}]}}', now - timedelta(days=9), now + timedelta(days=9), people[0]),
        )
        for person in people[1:]:
            owner.execute("INSERT INTO order_approvals VALUES (%s, %s)", (order, person))
        owner.execute("UPDATE orders SET state = 'in_force'")
        owner.execute("INSERT INTO seeds VALUES (%s, 1, 'feed-entry', 'x', 'qzreden', current_date)", (order,))
    return order


def add_source(
    world: World, order: UUID, collector: str, seed: int, state: HealthState, reason: str = "", silent: bool = False
) -> None:
    """One source as its collector left it an hour ago; a silent one is so for an hour."""
    now = world.clock()
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO source_health (collector, order_id, seed, state, reason, since, last_seen_at, accepted,"
            " reported_at, silent_from, expected_per_day) VALUES (%s, %s, %s, %s, %s, %s, %s, 9, %s, %s, 40)",
            (
                *(collector, order, seed, state.value, reason, now - timedelta(hours=3)),
                *(now - timedelta(hours=2), now, now + timedelta(hours=-1 if silent else 5)),
            ),
        )


@pytest.fixture
def order(world: World) -> UUID:
    """An order for three platforms: one is silent, one is refused in one of two places, one never began."""
    made = add_order(world, "bluesky-post", "feed-entry", "telegram-post", "mastodon-post")
    add_source(world, made, "jetstream", 0, HealthState.NOTHING_NEW, silent=True)
    add_source(world, made, "feeds", 1, HealthState.OK)
    add_source(world, made, "feeds", 2, HealthState.BLOCKED, "captcha")
    add_source(world, made, "telegram", 3, HealthState.OK)
    return made


def test_the_page_says_what_runs_what_is_silent_and_what_to_do(world: World, order: UUID) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", world.signed_in("anna").get("/bronnen").text).split())
    assert "2 bronnen hebben aandacht nodig." in page
    assert MATTERS[Matter.SILENT][0] in page
    assert MATTERS[Matter.CLOSED][1] in page
    assert MATTERS[Matter.NOT_STARTED][0] in page
    assert "Gewoon is ongeveer 80 per dag." in page
    first, second = page.index(KINDS["bluesky"]), page.index(KINDS["telegram"])
    assert first < second, "trouble comes first"
    assert "Staat uit" in page
    assert KINDS["youtube"] in page


def test_it_says_which_platforms_come_in_by_tips_alone_and_what_is_never_read(world: World) -> None:
    page = world.signed_in("anna").get("/bronnen").text
    for platform in ("Snapchat", "Instagram", "TikTok", "SoundCloud"):
        assert platform in page
    assert 'href="/melden/tip"' in page
    assert "Besloten groepen" in page
    assert "Seinpost leest nu niets" in page


def test_it_says_whether_posts_behind_signals_are_asked_for_again(world: World, order: UUID) -> None:
    anna = world.signed_in("anna")
    assert "Er is nu geen bericht achter een signaal" in anna.get("/bronnen").text
    signal = world.add_signal()
    with world.owner() as owner:
        owner.execute("UPDATE sightings SET link_box = 'x', seen_at = now() - interval '31 hours'")
        owner.execute("INSERT INTO rechecks SELECT post_id, now() - interval '31 hours', now() FROM sightings")
    page = " ".join(re.sub(r"<[^>]+>", " ", anna.get("/bronnen").text).split())
    assert "Van 1 bericht achter een signaal vragen we elke dag" in page
    assert "Dat vragen loopt achter." in page
    assert "Van 1 bericht weten we het niet." in page
    assert str(signal) not in page


def test_no_address_no_reason_code_and_no_order_stands_on_it(world: World, order: UUID) -> None:
    page = world.signed_in("anna").get("/bronnen").text
    assert not re.search(r"qzaanleiding|qzreden|captcha|jetstream|https?://(?!localhost)", page)


@pytest.mark.parametrize("role", [role for role in UserRole if role is not UserRole.RECIPIENT])
def test_who_reads_decides_or_supervises_may_see_it_and_finds_it_in_the_bar(
    world: World, order: UUID, role: UserRole
) -> None:
    world.add_person("iemand", role)
    answer = world.signed_in("iemand").get("/bronnen")
    assert answer.status_code == 200
    assert 'href="/bronnen" aria-current="page"' in answer.text
    assert KINDS["telegram"] in answer.text


def test_who_only_receives_signals_may_not(world: World) -> None:
    world.add_person("ontvanger", UserRole.RECIPIENT, school=SCHOOL)
    browser = world.signed_in("ontvanger")
    assert browser.get("/bronnen").status_code == 403
    assert "/bronnen" not in browser.get("/portaal").text


def test_a_silent_source_is_silent_in_the_bar_too(world: World, order: UUID) -> None:
    assert "2 bronnen actief · 2 stil" in " ".join(world.signed_in("anna").get("/werkvoorraad").text.split())


def test_a_monitor_reads_counts_by_kind_and_state(world: World, order: UUID) -> None:
    told = world.signed_in("anna").get("/metrics").text
    assert 'seinpost_sources{kind="feeds",state="blocked"} 1.0' in told
    assert 'seinpost_sources{kind="bluesky",state="nothing_new"} 1.0' in told
    assert 'seinpost_sources_silent{kind="bluesky"} 1.0' in told
    assert 'seinpost_sources_silent{kind="youtube"} 0.0' in told
    assert str(order) not in told


def test_every_kind_of_source_and_every_matter_has_plain_words() -> None:
    assert set(MATTERS) == set(Matter)
    assert all(kind_name(kind) == KINDS[kind.name] for kind in kinds().values())
    longest = max(len(sentence.split()) for pair in MATTERS.values() for sentence in re.split(r"[.?]", " ".join(pair)))
    assert longest <= 12, "sentences are short"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1500, "light", "nl"), (390, "dark", "en"), (390, "light", "nl")]
)
def test_the_page_has_no_accessibility_fault_and_fits(
    site: Site, order: UUID, width: int, scheme: str, language: str
) -> None:
    page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    page.goto("/bronnen")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    faults = Axe().run(page, options=options).response["violations"]
    assert [(fault["id"], node["html"][:120]) for fault in faults for node in fault["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.browser
def test_the_page_is_reached_and_left_with_the_keyboard_alone(site: Site, order: UUID) -> None:
    page = site.page("anna", java_script_enabled=False)
    page.get_by_role("navigation").get_by_role("link", name="Bronnen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/bronnen")
    expect(page.get_by_role("heading", name="Bronnen en dekking")).to_be_visible()
    page.get_by_role("link", name="Meld de post").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/melden/tip")
