"""On another kind of machine the scores are the same within a thousandth, and no flag changes.

`scores.json` holds what one kind of machine answered, and which; after a new model it is written anew with
`WRITE_SCORES=1`. On that same kind the answers must be equal.
"""

import json
import os
from pathlib import Path

import pytest

from tests.nlp.measuring import DEV, analysed, rows_of, shipped, texts_of

HERE = Path(__file__).parent
SCORES = HERE / "scores.json"
OWN = HERE.parent / "quiet" / "hard_positives.jsonl"
FILES = {"own": OWN, "dev": DEV}
APART = 1e-3
VECTORS = ("amx_bf16", "avx512_bf16", "avx512_vnni", "avx512f", "avx2")


def machine() -> str:
    """The widest vectors of this processor, which decide the kernels that the encoder runs on."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return "unknown"
    return next((name for name in VECTORS if name in flags), "other")


def answers(file: Path) -> dict[str, tuple[float, bool]]:
    rows = rows_of(file)
    return {str(row["id"]): (one.score, one.flagged) for row, one in zip(rows, analysed(texts_of(rows)), strict=True)}


@pytest.mark.parametrize("name", FILES)
def test_another_kind_of_machine_gives_the_same_scores_and_flags(name: str) -> None:
    shipped()
    now = answers(FILES[name])
    if os.environ.get("WRITE_SCORES"):
        kept = json.loads(SCORES.read_text(encoding="utf-8")) if SCORES.exists() else {}
        kept |= {"machine": machine(), name: now}
        SCORES.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
    kept = json.loads(SCORES.read_text(encoding="utf-8"))
    then = {key: (score, flagged) for key, (score, flagged) in kept[name].items()}
    assert set(now) == set(then)
    same = kept["machine"] == machine()
    off = [key for key, (score, _) in now.items() if abs(score - then[key][0]) > (0 if same else APART)]
    assert off == [], f"{kept['machine']} and {machine()} differ"
    assert [key for key, (_, flagged) in now.items() if flagged != then[key][1]] == []
