"""Files of every kind may be given in one go; what cannot be read is named by file and line."""

import json
from pathlib import Path

import pytest

from nlp.evaluate.files import read
from nlp.labelled import LabelledFileError

POST = {"id": "p1", "text": "hoi", "actionable": False, "category": "none", "genre": "chat", "lang": "nl"}
FACTS = {"id": "p1", "facts": {"time": ["nu"]}, "level": "uiting"}
PAIR = {"group": "g1", "register": "street", "text": "hoi"}
LANGUAGE = {"group": "g1", "language": "sranan", "text": "odi"}
GROUP = {"group": "g1", "topic": "home", "tone": "calm"}
ORDINARY = {"id": "o1", "text": "goedemorgen", "lang": "nl"}


def written(folder: Path, name: str, *rows: object) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_the_first_row_tells_what_a_file_holds(tmp_path: Path) -> None:
    kinds = {"posts": POST, "facts": FACTS, "pairs": PAIR, "languages": LANGUAGE, "groups": GROUP}
    kinds["ordinary"] = ORDINARY
    given = read([written(tmp_path, name, row) for name, row in kinds.items()])
    assert [len(rows) for rows in (given.posts, given.facts, given.pairs, given.groups, given.ordinary)] == [1] * 5
    assert [(row.id, row.lang) for row in given.languages] == [("g1/sranan", "sranan")]
    assert len(given) == 4  # facts and topics are no posts


def test_a_labelled_post_whose_label_is_misspelt_does_not_pass_for_an_ordinary_one(tmp_path: Path) -> None:
    wrong = {"id": "p1", "text": "hoi", "actionabel": False, "lang": "nl"}
    with pytest.raises(LabelledFileError, match=r"posts\.jsonl:1"):
        read([written(tmp_path, "posts", wrong)])


def test_a_pair_without_text_is_named_by_line_and_its_text_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(LabelledFileError, match=r"pairs\.jsonl:2: text is missing or wrong"):
        read([written(tmp_path, "pairs", PAIR, {"group": "g1", "register": "street"})])


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LabelledFileError, match="cannot be read"):
        read([tmp_path / "absent.jsonl"])
