"""The source link: for the roles allowed, with a reason, on the trail; every path for both settings of the switch."""

import pytest

from tests.forwarding.matrix.stage import KINDS, LINK, SITUATIONS, Stage
from tests.forwarding.matrix.table import Situation, expected

REASON = "nodig voor het gesprek met de ouders"


def lines(stage: Stage) -> list[str]:
    """What the trail says of links."""
    with stage.owner() as owner:
        rows = owner.execute(
            "SELECT payload FROM trail WHERE payload::jsonb->>3 LIKE 'unseal%%' ORDER BY seq"
        ).fetchall()
    return [str(payload) for (payload,) in rows]


PATHS = [(situation, True) for situation in SITUATIONS] + [(SITUATIONS[0], False), (SITUATIONS[1], False)]
"""Every situation with the switch on; with the switch off, what was sent while it was on and while it was off."""


@pytest.mark.parametrize(("situation", "switch_now"), PATHS, ids=lambda given: str(getattr(given, "name", given)))
def test_a_link_opens_for_whom_the_table_names_and_every_try_stands_on_the_trail(
    stage: Stage, situation: Situation, switch_now: bool
) -> None:
    now = Situation(**{**vars(situation), "switch_now": switch_now})
    stage.switch(switch_now)
    try:
        for kind in KINDS:
            browser, referral = stage.house.browser(kind), stage.sent[situation.name].referrals[kind]
            may = "link" in expected(kind, now)
            page = browser.get(f"/portaal/{referral}").text
            assert ("Bronlink openen" in page) is may, kind
            assert LINK not in page, "nothing is opened by looking"
            before = lines(stage)
            without_reason = browser.post(f"/portaal/{referral}/bronlink", reden="  x ")
            assert LINK not in without_reason.text
            assert lines(stage) == before
            opened = browser.post(f"/portaal/{referral}/bronlink", reden=REASON)
            assert (LINK in opened.text) is may, kind
            (line,) = lines(stage)[len(before) :]
            assert ('"unseal_link"' in line) is may
            assert ('"unseal_link_refused"' in line) is not may
            assert str(referral) in line
            assert str(stage.town.users[kind]) in line
            assert "ouders" not in line
            assert LINK not in line
    finally:
        stage.switch(True)
