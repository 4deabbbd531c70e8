"""`seinpost evaluate` as people script against it: promised fields, further keys on request, status, and no texts."""

import json
import subprocess
from pathlib import Path

import pytest

from nlp.analyse import MODELS
from nlp.settings import PATH as SETTINGS
from tests import command

pytestmark = pytest.mark.skipif(
    not (MODELS / "model.onnx").is_file(),
    reason="the model is not in nlp/models/detector: make one with 'seinpost train'",
)
FIELDS = [
    "rows", "precision", "recall", "f1", "average_precision", "brier", "ece", "threshold", "reference_share",
    "false_rate_by_genre", "recall_by_category", "by_lang", "category_macro_f1", "imminent_f1", "places_precision",
    "places_recall", "places_f1", "places_linked_f1", "facts_f1", "level_macro_f1", "posts_per_second",
]  # fmt: skip
THREAT = "vanmiddag 16:00 station Krommenie-Assendelft, neem je mensen mee en trek donker aan, we gaan ze pakken [@]"
CALM = "lekker gegeten met oma in Zaandam"


def evaluate(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return command.in_words(["evaluate", *(str(word) for word in words)])


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    common = {"lang": "nl", "platform": "telegram", "posted_at": "2026-03-12T13:05:00+01:00", "places": []}
    signal = {"text": THREAT, "actionable": True, "category": "confrontation", "imminent": True, "genre": "chat"}
    calm = {"text": CALM, "actionable": False, "category": "none", "genre": "lyric", "note": "[hook] calm"}
    rows = [{"id": "p1", **common, **signal}, *({"id": f"c{at}", **common, **calm} for at in range(60))]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_json_holds_the_promised_fields_and_no_others(posts: Path) -> None:
    done = evaluate(posts, "--json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == FIELDS


def test_what_is_asked_for_comes_in_keys_of_its_own_and_never_a_text(posts: Path, tmp_path: Path) -> None:
    other = tmp_path / "settings.json"
    other.write_text(
        json.dumps(json.loads(SETTINGS.read_text(encoding="utf-8")) | {"threshold": 1.0}), encoding="utf-8"
    )
    done = evaluate(posts, "--json", "--details", "--without-masks", "--against-settings", other, "--gate")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert list(made) == [*FIELDS, "details", "without_masks", "against", "gate"]
    assert made["against"]["changed"]["signals_gained"] == ["p1"]
    assert made["details"]["by_source"]["telegram"]["recall"]["value"] == 1.0
    assert (made["without_masks"]["rows"], made["without_masks"]["rows_with_masks"]) == (61, 1)
    assert made["gate"]["judged"] == 2
    for text in (THREAT, CALM, "Krommenie", "oma"):
        assert text not in done.stdout + done.stderr


def test_a_broken_bar_ends_with_status_1_and_one_line_each(posts: Path, tmp_path: Path) -> None:
    turned = posts.read_text(encoding="utf-8").replace(CALM, THREAT)
    posts.write_text(turned, encoding="utf-8")
    done = evaluate(posts, "--gate")
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if "more than" in line]
    assert [line.split(":")[0] for line in broken] == ["lyrics_false_rate", "class_false_rate"]


def test_bars_with_nothing_to_measure_them_on_are_no_pass(tmp_path: Path) -> None:
    row = {"group": "g1", "register": "street", "text": CALM}
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(json.dumps(row), encoding="utf-8")
    done = evaluate(pairs, "--gate", "--json")
    assert done.returncode == 2
    assert "not measured: register_gap" in done.stderr
    assert json.loads(done.stdout)["rows"] == 0


@pytest.mark.parametrize("option", ["--against", "--settings", "--bars"])
def test_a_file_that_is_not_there_ends_with_status_2(posts: Path, tmp_path: Path, option: str) -> None:
    done = evaluate(posts, "--gate", option, tmp_path / "absent")
    assert done.returncode == 2
    assert "absent" in done.stderr
    assert "Traceback" not in done.stderr
