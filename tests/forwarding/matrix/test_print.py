"""A recipient's page on paper: the same row of the table, the label beside the excerpt, and nothing that was hidden."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Playwright

from tests.forwarding.matrix.reading import fields_in
from tests.forwarding.matrix.stage import KINDS, Stage
from tests.forwarding.matrix.table import expected
from tests.patience import until
from tests.review_ui import conftest as browsing

playwright = browsing.playwright
browser = browsing.browser


@pytest.mark.browser
def test_printed_a_page_shows_its_row_and_says_that_an_excerpt_is_no_evidence(
    stage: Stage, browser: Chromium, playwright: Playwright
) -> None:
    sent = stage.sent["plain"]
    with browsing.served(stage.house.world, browser) as site:
        until(lambda: not stage.switched_on())  # a server tells the database how its own settings have the switch
        stage.switch(True)
        for kind in KINDS:
            page = site.page(kind)
            page.goto(f"/portaal/{sent.referrals[kind.value]}")
            page.emulate_media(media="print")
            printed = page.locator("body").inner_text()
            row = expected(kind.value, sent.situation)
            assert fields_in(printed, sent, kind.value) == row, kind
            assert ("Geen bewijs." in printed) is ("excerpt" in row), kind
            assert "Uitloggen" not in printed, "the bar stays on the screen"
            page.close()
