"""The detection commands as people script against them: one answer a line, in order, errors in place, status told."""

import json
import subprocess
from pathlib import Path

import pytest

from nlp.analyse import MODELS
from tests import command

pytestmark = pytest.mark.skipif(
    not (MODELS / "model.onnx").is_file(),
    reason="the model is not in nlp/models/detector: make one with 'seinpost train'",
)
KEYS = {
    "id", "flagged", "score", "category", "imminent", "genre", "lang", "level", "facts", "places", "reasons",
    "versions",
}  # fmt: skip
THREAT = "vanmiddag 16:00 station Krommenie-Assendelft, neem je mensen mee en trek donker aan, we gaan ze pakken"


def seinpost(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return command.run(words, given=given, seconds=180)


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_every_line_is_answered_in_order_and_a_bad_one_says_why() -> None:
    given = b"\n".join(
        [
            json.dumps({"id": "a", "text": THREAT, "posted_at": "2026-03-12T13:05:00+01:00"}).encode(),
            b"{not json",
            json.dumps({"id": "b", "text": "lekker weer in Zaandam"}).encode(),
            json.dumps({"id": "c"}).encode(),
            b"\xff\xfe",
            json.dumps({"id": "d", "text": "hoi", "posted_at": "gisteren"}).encode(),
            json.dumps({"id": "e", "text": "\ud83d"}).encode(),
            b'{"id": 7, "text": "goedemorgen allemaal", "platform": "telegram"}',
        ]
    )
    done = seinpost("analyse", "--jsonl", given=given)
    answers = lines(done)
    assert [answer["id"] for answer in answers] == ["a", None, "b", "c", None, "d", "e", 7]
    assert ["error" in answer for answer in answers] == [False, True, False, True, True, True, True, False]
    assert done.returncode == 1
    assert b"Krommenie" not in done.stderr


def test_an_answer_has_exactly_the_promised_fields() -> None:
    given = json.dumps({"id": "a", "text": THREAT, "posted_at": "2026-03-12T13:05:00+01:00"}).encode()
    done = seinpost("analyse", "--jsonl", given=given)
    assert done.returncode == 0, done.stderr
    [answer] = lines(done)
    assert set(answer) == KEYS
    assert isinstance(answer["score"], float)
    assert round(answer["score"], 4) == answer["score"]
    assert answer["flagged"] is True
    assert isinstance(answer["places"], list)
    [place] = answer["places"]
    assert set(place) == {"text", "start", "end", "kind", "id", "name"}
    assert THREAT[place["start"] : place["end"]] == place["text"]
    assert isinstance(answer["versions"], dict)
    assert set(answer["versions"]) == {"model", "terms", "settings"}


def test_what_is_not_flagged_has_category_none_and_no_reasons() -> None:
    [answer] = lines(seinpost("analyse", "--jsonl", given=b'{"id": 1, "text": "lekker gegeten met oma"}'))
    assert (answer["flagged"], answer["category"], answer["reasons"]) == (False, "none", [])


def test_evaluate_prints_one_object_and_bad_files_end_with_status_2(tmp_path: Path) -> None:
    row = {"id": "p1", "lang": "nl", "text": THREAT, "actionable": True, "category": "confrontation", "imminent": True,
           "genre": "chat", "posted_at": "2026-03-12T13:05:00+01:00", "places": []}  # fmt: skip
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps(row) + "\n", encoding="utf-8")
    bad.write_text('{"id": "p1"}\n', encoding="utf-8")
    done = seinpost("evaluate", str(good), "--json")
    assert json.loads(done.stdout)["rows"] == 1
    refused = seinpost("evaluate", str(bad))
    assert refused.returncode == 2
    assert b"bad.jsonl:1" in refused.stderr


def test_places_find_prints_the_place_and_what_lost() -> None:
    done = seinpost("places", "find", "ajax - feyenoord in Zaandam, 020", "--json")
    made = json.loads(done.stdout)
    assert [place["id"] for place in made["found"]] == ["area:zaandam"]
    assert {"football"} == {name["why"] for name in made["lost"]}


@pytest.mark.parametrize("words", [("thresholds",)])
def test_what_comes_later_says_so(words: tuple[str, ...]) -> None:
    done = seinpost(*words)
    assert done.returncode == 2
    assert b"later" in done.stderr
