"""A sweep over the answer clocks as a process of its own, to be killed. Standard input: the database address."""

import sys
import threading
from datetime import timedelta

from sqlalchemy import create_engine

from forwarding import clocks
from pipeline.store import answer_clocks
from review_ui.staffing import StaffedHours
from tests.forwarding.town import NOW

if __name__ == "__main__":
    answer_clocks.MOST_AT_ONCE = 5  # many small steps, so that a kill falls between two of them or inside one
    engine = create_engine(sys.stdin.readline().strip(), pool_size=1)
    late = NOW + timedelta(minutes=20)
    stop = threading.Event()
    with clocks.sweeping(engine, StaffedHours(), lambda: late, stop, poll=timedelta(milliseconds=20)):
        stop.wait()
