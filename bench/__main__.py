"""Runs every measurement of this folder, or the ones that are named, and prints one table per question."""

import importlib
import pkgutil
import sys
from collections.abc import Sequence

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
        show(list(module.rows()))
    return 0


def show(rows: Sequence[Row]) -> None:
    """One table in Markdown, ready for docs/measurements.md."""
    print("| way | result |\n|---|---|")
    for row in rows:
        print(f"| {row.way} | {row.result} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
