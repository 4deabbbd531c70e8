"""What a long test asks for: whether to run at full size, a seed, and a place to write what was measured.

`make test` runs the short form; `make soak` the full one, and its results go into `docs/measurements.md`.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

MEASUREMENTS = Path(__file__).parents[1] / "docs" / "measurements.md"
SHORT_SEED = 20261122


@dataclass(frozen=True)
class Soak:
    """The size of this run. `random` is seeded; the seed stands with the result, so that a run can be repeated."""

    full: bool
    seed: int

    @property
    def random(self) -> Random:
        """A fresh generator with this run's seed."""
        return Random(self.seed)

    def record(self, what: str, result: str) -> None:
        """Write one row, in a full run only: a short run measures nothing worth keeping."""
        if self.full:
            with MEASUREMENTS.open("a") as table:
                table.write(f"| {datetime.now(UTC):%Y-%m-%d} | {what} | {self.seed} | {result} |\n")


@pytest.fixture
def soak() -> Soak:
    """Full size under `make soak`, with a new seed unless SOAK_SEED names one; else short with a fixed seed."""
    full = os.environ.get("SOAK") == "1"
    seed = int(os.environ.get("SOAK_SEED", secrets.randbelow(2**31) if full else SHORT_SEED))
    return Soak(full, seed)
