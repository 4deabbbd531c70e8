"""The Dutch words of the overview. It counts nothing and works nothing out."""

from review_ui.overview.board import Step

STEPS: dict[Step, str] = {
    Step.WAITING: "Wacht op eerste lezer",
    Step.READING: "Eerste lezer leest",
    Step.SECOND: "Wacht op tweede lezer",
    Step.SECOND_READING: "Tweede lezer leest",
    Step.TEAM: "Casusoverleg: wacht op het team",
    Step.READY: "Bevestigd: wacht op doorzetten",
    Step.SENT: "Vandaag doorgezet",
}


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [*STEPS.values()]
