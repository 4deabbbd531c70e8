"""Runs every measurement of this folder, or the ones that are named, and prints one table per question."""

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Sequence

import bench
from bench.row import Row


def main(names: Sequence[str]) -> int:
    """Run `bench.<name>.rows()` for each name; every module with a `rows` function when none is given."""
    known = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name.startswith("of_"))
    wrong = [name for name in names if name not in known]
    if wrong:
        print(f"no such measurement: {', '.join(wrong)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n## {module.QUESTION}\n")
        show(module.rows(), getattr(module, "COLUMNS", ("way", "result")))
    return 0


def show(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """One table in Markdown, ready for docs/measurements.md."""
    print(_line(columns), "|" + "---|" * len(columns), sep="\n")
    for row in rows:
        cells = [row.way, row.result, *row.more]
        print(_line(cells + [""] * (len(columns) - len(cells))), flush=True)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
