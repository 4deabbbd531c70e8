"""What the people of the story do, each in a window of their own: reading with the keyboard, forwarding, answering."""

from playwright.sync_api import Page, expect

from tests.story.town import Town

FIRST, SECOND = "jamal", "ilse"
"""The two experts; neither is police, neither belongs to a school."""
DUIDING = "Geen clip: een oproep met tijd en plaats."
LONGEST_TAB = 40
LONGEST_ARRIVAL_MS = 60_000
"""The first post waits for the detector to be read from disk."""


def at_the_queue(town: Town, *experts: str) -> None:
    """Log in and leave the queue open, as somebody on duty does."""
    for expert in experts:
        page = town.window(expert)
        if page.url == "about:blank":
            town.log_in(expert)
        page.goto("/werkvoorraad")
        expect(page.get_by_role("heading", name="Werkvoorraad", exact=True)).to_be_visible()
        page.wait_for_timeout(300)  # for its event stream to be open


def sees_it_arrive(page: Page) -> None:
    """A line says that something came, on the page that stands open."""
    expect(page.get_by_text("1 nieuw signaal")).to_be_visible(timeout=LONGEST_ARRIVAL_MS)


def take_the_first(page: Page) -> str:
    """Put what is new in the list, and open the first card; the signal's id. Two keys."""
    page.keyboard.press("n")
    expect(page.locator("[data-signal]").first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Uw oordeel")).to_be_visible()
    return page.url.split("?")[0].rsplit("/", 1)[-1]


def confirm(page: Page, duiding: str, level: str = "acuut") -> None:
    """Confirm by keyboard alone: E to the fields, the level, the reading, and the key of the reason."""
    page.keyboard.press("e")
    _tab_to(page, "niveau")
    page.keyboard.type(level)
    _tab_to(page, "duiding")
    page.keyboard.type(duiding)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("o")


def reject(page: Page, reason: str) -> None:
    """Reject: A and the key of the reason."""
    page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press(reason)


def forward(page: Page, but: tuple[str, ...] = ()) -> None:
    """Send to who stands on the list: D to the button, Enter. `but`: taken off first."""
    for name in but:
        page.get_by_role("checkbox", name=name).uncheck()
    page.keyboard.press("d")
    expect(page.get_by_role("button", name="Doorzetten")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Doorgezet. De ontvangers krijgen een bericht.")).to_be_visible()


def follow_the_mail(town: Town, username: str, letter: int = -1) -> Page:
    """Follow the link of an e-mail; whoever is not logged in does so and comes where the link leads."""
    town.house.wait_for(lambda: bool(town.mail_for(username)))
    _, link = town.mail_for(username)[letter]
    page = town.window(username)
    page.goto(link)
    if "inloggen" in page.url:
        town.log_in(username)
    assert page.url.endswith(link), page.url
    return page


def acknowledge(page: Page) -> None:
    """Let know that it was received."""
    page.get_by_role("button", name="Ontvangen", exact=True).click()
    expect(page.get_by_text("De ontvangst is bevestigd")).to_be_visible()


def feed_back(page: Page, outcome: str) -> None:
    """Say what was done, from the closed list."""
    page.get_by_role("radio", name=outcome).check()
    page.get_by_role("button", name="Terugkoppelen").click()
    expect(page.get_by_text("Uw terugkoppeling is opgeslagen")).to_be_visible()


def _tab_to(page: Page, field: str) -> None:
    for _ in range(LONGEST_TAB):
        if page.evaluate("document.activeElement.id") == field:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {field}")
