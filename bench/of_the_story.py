"""How long the seed story takes where no person pauses: from a public post to the last recipient who acknowledges.

Every process of a house as installed, real analysis, a real mail server, five windows of a real Chromium. The driver
presses keys one after another, so what people would do beside each other is done in turn. `BENCH_RUNS` sets the times.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.road.processes import machine_load
from bench.row import Row
from tests.patience import until
from tests.story import acts
from tests.story.acts import DUIDING, FIRST, SECOND
from tests.story.posts import GATHERING
from tests.story.town import Town, town

QUESTION = "From a post to the last acknowledgement: how long does the machine take? (people take minutes)"
COLUMNS = ("the post is, after", "median", "least; most")
RUNS = min(int(os.environ.get("BENCH_RUNS", "5")), len(GATHERING) - 1)
RECIPIENTS = ("marit", "bas", "rick")
"""Two coordinators and a police officer, with the two experts the five who have a window."""

STEPS = (
    "announced on the first reader's open page",
    "confirmed by the first reader: four steps by keyboard",
    "confirmed by the second reader, blind",
    "sent to six recipients",
    "told to all six: their e-mails are with the mail server",
    "acknowledged by the last of three who follow the link in it",
    "known to be so on both experts' open pages",
)


def rows() -> Iterator[Row]:
    """Tell the story once to warm up, then `RUNS` times."""
    with tempfile.TemporaryDirectory(prefix="story-") as folder, town(Path(folder) / "house") as place:
        for name in RECIPIENTS:
            place.log_in(name)
        told = [_tell(place, wording) for wording in GATHERING[: RUNS + 1]][1:]
    for number, step in enumerate(STEPS):
        moments = [run[number] for run in told]
        yield Row(step, f"{median(moments):.2f} s", (f"{min(moments):.2f}; {max(moments):.2f} s",))
    yield Row(f"so often; load {machine_load()}", str(len(told)))


def _tell(place: Town, wording: str) -> list[float]:
    """The moments of one run, in seconds after the post."""
    acts.at_the_queue(place, FIRST, SECOND)
    first, second = place.window(FIRST), place.window(SECOND)
    mailed = len(place.mailbox.received)
    posted = place.stream.post(wording)
    moments = []

    def now() -> None:
        moments.append(time.monotonic() - posted)

    acts.sees_it_arrive(first)
    now()
    signal = acts.take_the_first(first)
    acts.confirm(first, DUIDING)
    now()
    acts.take_the_first(second)
    acts.confirm(second, DUIDING)
    now()
    acts.forward(second, but=("Jeugd & Veiligheid",))
    now()
    until(lambda: len(place.mailbox.received) == mailed + 6)
    now()
    first.goto(f"/signaal/{signal}")
    for name in RECIPIENTS:
        acts.acknowledge(acts.follow_the_mail(place, name))
    now()
    for page in (first, second):
        page.get_by_text(f"{len(RECIPIENTS)} van 6 bevestigden de ontvangst.").wait_for()
    now()
    second.keyboard.press("s")
    with second.expect_navigation():
        second.keyboard.press("1")
    return moments
