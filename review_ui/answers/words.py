"""What the screens call that which waits for a recipient, and how far its clock came. It decides nothing."""

from collections.abc import Iterator

from pipeline.store.answer_clocks import Stage, WaitsFor
from pipeline.store.questions import TOPIC_LABELS

WAITS_FOR: dict[WaitsFor, str] = {
    WaitsFor.ACKNOWLEDGEMENT: "ontvangst bevestigen",
    WaitsFor.FEEDBACK: "terugkoppelen",
    WaitsFor.SEEN: "wijziging of intrekking zien",
}
STAGES: dict[Stage, str] = {
    Stage.FRESH: "binnen de tijd",
    Stage.RUNNING: "binnen de tijd",
    Stage.REMINDED: "herinnering gestuurd",
    Stage.NEXT_CONTACT: "herinnering gestuurd",
    Stage.ALARM: "te laat",
    Stage.CALLED: "gebeld",
}
ALARMS: dict[WaitsFor, str] = {
    WaitsFor.ACKNOWLEDGEMENT: "Nog niet ontvangen: bel.",
    WaitsFor.FEEDBACK: "Nog geen terugkoppeling: vraag ernaar.",
    WaitsFor.SEEN: "Wijziging of intrekking nog niet gezien: bel.",
}
TOPICS = TOPIC_LABELS


def phrases() -> Iterator[str]:
    """Every phrase of these tables."""
    for table in (WAITS_FOR, STAGES, ALARMS, TOPICS):
        yield from table.values()
