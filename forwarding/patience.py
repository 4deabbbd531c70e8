"""How long the dispatcher keeps trying what the other side does not take. It waits for nothing itself."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Patience:
    """How often a notice is tried before it fails, and the wait between tries: doubling from `first` to `longest`."""

    tries: int = 10
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)

    def wait_after(self, attempts: int) -> timedelta:
        """The wait after this many failed tries."""
        doublings: int = 2 ** min(attempts - 1, 20)
        return min(self.first * doublings, self.longest)
