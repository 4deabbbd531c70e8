"""The seed story, as it was told: a post names a station and an hour, and within minutes those who can be there know.

Five users in five browser windows, each with a log-in of their own, on a house whose every process runs as installed.
First what must come to nothing, then the exception for acute signals, then the story itself to its end.
"""

import email.policy
from email import message_from_bytes

import pytest
from playwright.sync_api import Page, expect

from tests.patience import until
from tests.story import acts
from tests.story.acts import DUIDING, FIRST, SECOND
from tests.story.posts import AT_ONCE, GATHERING, HARMLESS, REASON_KEYS, STATION, TELLING
from tests.story.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SCHOOLS = ("marit", "bas", "hanna")
FIELD = ("dennis", "karin")
TOLD = (*SCHOOLS, "rick", *FIELD)
OTHERS = ("farida", "wendy", "samira", "joost", "noor", "lotte")
LEFT_THE_HOUSE = ("referrals", "referral_events", "notices", "feedback")


@pytest.mark.parametrize("kind", HARMLESS)
def test_the_same_words_in_a_clip_a_derby_or_the_news_end_with_the_readers_and_reach_nobody(
    story: Town, kind: str
) -> None:
    acts.at_the_queue(story, FIRST, SECOND)
    before, read = _left(story), story.count("analyses")
    story.stream.post(HARMLESS[kind])
    story.house.wait_for(lambda: story.count("analyses") == read + 1)
    if story.count("signals", "state = 'new'"):
        _two_readers_reject(story, REASON_KEYS[kind])
    assert story.count("signals", "state NOT IN ('rejected')") == 0
    assert _left(story) == before, "nothing left the house"
    assert not story.count("outbox")


def test_a_place_notice_that_no_second_reader_looks_at_alarms_the_team_and_tells_who_got_it(story: Town) -> None:
    acts.at_the_queue(story, FIRST, SECOND)
    second = story.window(SECOND)
    story.stream.post(AT_ONCE)
    first = story.window(FIRST)
    acts.sees_it_arrive(first)
    signal = acts.take_the_first(first)
    acts.confirm(first, DUIDING)
    first.get_by_role("button", name="Plaatsbericht sturen").press("Enter")
    expect(first.get_by_text("Plaatsbericht verstuurd, met de melding: nog één lezer.")).to_be_visible()
    police = acts.follow_the_mail(story, "wendy")
    expect(police.get_by_text("Nog één lezer.")).to_be_visible()
    expect(police.get_by_text("Fragment", exact=True)).to_have_count(0)
    told = story.count("referrals")
    assert len(story.mailbox.received) == told
    second.goto(f"/signaal/{signal}")
    expect(second.get_by_text("Doorgezet naar")).to_have_count(0)  # the second reader reads blind
    second.goto("/werkvoorraad")
    expect(second.get_by_role("alert")).to_have_count(0)

    story.let_pass("31 minutes")
    expect(second.get_by_role("alert")).to_contain_text("Geen tweede lezer binnen 30 minuten.")
    until(lambda: len(story.mailbox.received) == 2 * told)
    news, _ = story.mail_for("wendy")[-1]
    assert "Er is nieuws over dit signaal" in news
    assert "één lezer heeft dit bevestigd, een tweede nog niet" in news
    police.reload()
    expect(police.get_by_text("Niet door een tweede lezer bevestigd.")).to_be_visible()
    assert story.count("referrals", "state = 'withdrawn'") == 0, "withdrawing is a person's act"

    with second.expect_navigation():
        second.get_by_role("alert").get_by_role("link").press("Enter")
    acts.confirm(second, "Ik lees het ook zo.")
    expect(second.get_by_text("Twee lezers bevestigen dit.")).to_be_visible()
    expect(second.get_by_role("alert")).to_have_count(0)
    acts.forward(second)
    until(lambda: len(story.mailbox.received) == 3 * told)
    police.reload()
    expect(police.get_by_text("tweede lezer")).to_have_count(0)
    second.keyboard.press("s")
    with second.expect_navigation():
        second.keyboard.press("1")
    story.leave("wendy")


def test_a_post_becomes_a_warning_that_is_answered_and_then_forgotten(story: Town) -> None:
    mailed, answered = len(story.mailbox.received), story.count("feedback")
    acts.at_the_queue(story, FIRST, SECOND)
    first, second = story.window(FIRST), story.window(SECOND)
    story.stream.post(GATHERING[0])
    signal = _two_readers_confirm(first, second)
    acts.forward(second, but=("Jeugd & Veiligheid",))
    until(lambda: len(story.mailbox.received) == mailed + len(TOLD))
    _no_mail_tells_anything(story, mailed)
    second.get_by_role("button", name="Gebeld met coördinator Veilig Leefklimaat, Scholen").press("Enter")
    expect(second.get_by_text("Genoteerd: gebeld.")).to_be_visible()
    first.goto(f"/signaal/{signal}")
    for page in (first, second):
        page.evaluate("window.never_left = true")
        expect(page.get_by_text(f"0 van {len(TOLD)} bevestigden de ontvangst.")).to_be_visible()

    links = {name: story.mail_for(name)[-1][1] for name in TOLD}
    assert len(set(links.values())) == len(TOLD)
    for number, (name, outcome) in enumerate(
        (("marit", "gesprek gevoerd"), ("bas", "niets aangetroffen"), ("rick", "zichtbaar aanwezig")), start=1
    ):
        page = acts.follow_the_mail(story, name)
        _sees_just_its_own_row(page, name)
        _sees_nothing_else(page, next(link for who, link in links.items() if who != name))
        acts.acknowledge(page)
        for expert in (first, second):
            expect(expert.get_by_text(f"{number} van {len(TOLD)} bevestigden de ontvangst.")).to_be_visible()
        acts.feed_back(page, outcome)
        for expert in (first, second):
            expect(expert.get_by_role("region", name="Doorgezet naar")).to_contain_text(outcome)
    assert len(story.windows) == 5, "two experts, two coordinators and the police officer, each with a context"
    assert all(page.evaluate("window.never_left") for page in (first, second)), "no page was loaded anew"
    for name in (*FIELD, "hanna"):
        page = acts.follow_the_mail(story, name)
        _sees_just_its_own_row(page, name)
        acts.acknowledge(page)
        story.leave(name)
    expect(second.get_by_text(f"{len(TOLD)} van {len(TOLD)} bevestigden de ontvangst.")).to_be_visible()
    for name in OTHERS:
        assert not any(link in links.values() for _, link in story.mail_for(name))

    second.keyboard.press("s")
    with second.expect_navigation():
        second.keyboard.press("1")
    expect(second.get_by_text("Afgesloten. De tekst gaat over 28 dagen weg.")).to_be_visible()
    story.let_pass("91 days")
    assert story.house.run("retention", "run").returncode == 0
    for words in (*TELLING, DUIDING):
        assert _tables_that_hold(story, words) == [], "what was said is gone"
    page = story.window("marit")
    page.goto(links["marit"])
    expect(page.get_by_text("Dit signaal is niet (meer) te zien")).to_be_visible()
    assert story.count("feedback") == answered + 3
    assert story.count("signals", f"id = '{signal}' AND state = 'closed' AND outcome IS NOT NULL") == 1


def _two_readers_confirm(first: Page, second: Page) -> str:
    for page in (first, second):
        acts.sees_it_arrive(page)
    signal = acts.take_the_first(first)
    expect(first.get_by_text(STATION).first).to_be_visible()
    acts.confirm(first, DUIDING)
    expect(first.get_by_text("Bevestigd. Een collega leest nu als tweede.")).to_be_visible()
    assert acts.take_the_first(second) == signal
    expect(second.locator("body")).not_to_contain_text(DUIDING)
    expect(second.get_by_text("Wat die erover vond ziet u pas na uw eigen oordeel.")).to_be_visible()
    acts.confirm(second, "Gericht op een andere school.")
    expect(second.get_by_text("Twee lezers bevestigen dit. Kies hieronder wie het krijgt.")).to_be_visible()
    expect(second.locator("body")).to_contain_text(DUIDING)
    return signal


def _two_readers_reject(story: Town, reason: str) -> None:
    """The first reader rejects; drawn for a second reading some minutes later, a colleague rejects it blind."""
    first, second = story.window(FIRST), story.window(SECOND)
    acts.sees_it_arrive(first)
    acts.take_the_first(first)
    acts.reject(first, reason)
    assert story.count("signals", "state = 'rejected'") > 0
    story.let_pass("5 minutes")
    assert story.house.run("retention", "run").returncode == 0
    assert story.count("signals", "state = 'waiting_second'") == 1
    second.goto("/werkvoorraad")
    with second.expect_navigation():
        second.keyboard.press("j")
    expect(second.get_by_role("heading", name="Uw oordeel als tweede lezer")).to_be_visible()
    acts.reject(second, reason)


def _sees_just_its_own_row(page: Page, name: str) -> None:
    main = page.locator("main")
    expect(main).to_contain_text(STATION)
    if name in SCHOOLS:
        expect(main).to_contain_text("lege handen")
        expect(main).to_contain_text("Geen bewijs")
        expect(main).to_contain_text(DUIDING)
    else:
        for words in TELLING:
            expect(main).not_to_contain_text(words)
        expect(page.get_by_text("Bronlink openen")).to_have_count(0)
    if name == "rick":
        expect(main).to_contain_text("Acuut")
        expect(main).to_contain_text(DUIDING)
    if name in FIELD:
        expect(main).to_contain_text("Thema")
        expect(main).not_to_contain_text(DUIDING)
        for words in ("Acuut", "Confrontatie", "agressie"):
            expect(main).not_to_contain_text(words)


def _sees_nothing_else(page: Page, link_of_another: str) -> None:
    here = page.url
    page.goto(link_of_another)
    expect(page.get_by_text("Dit signaal is niet (meer) te zien")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(STATION)
    page.goto("/werkvoorraad")
    expect(page.get_by_text("U heeft geen toegang tot deze pagina.")).to_be_visible()
    page.goto(here)


def _no_mail_tells_anything(story: Town, since: int) -> None:
    for raw in story.mailbox.received[since:]:
        whole = message_from_bytes(raw, policy=email.policy.default).as_string()
        for words in (*TELLING, "Geen clip", "Gericht op"):
            assert words not in whole


def _left(story: Town) -> tuple[int, ...]:
    return (len(story.mailbox.received), *(story.count(table) for table in LEFT_THE_HOUSE))


def _tables_that_hold(story: Town, words: str) -> list[object]:
    tables = story.house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost'")
    return [table for (table,) in tables if story.count(f"seinpost.{table} t", f"t::text ILIKE '%%{words}%%'")]
