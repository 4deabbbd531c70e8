"""Reading for training: posts that a measuring file repeats are left out, and no group stands on both sides."""

import json
from pathlib import Path

from nlp.train.parts import LEFT_OUT, TENTHS, Sources, read

LABELLED = {
    "lang": "nl", "platform": "chat", "posted_at": "2026-03-12T15:48:11+01:00", "actionable": True, "imminent": False,
    "category": "threat", "genre": "chat", "places": [], "note": "",
}  # fmt: skip


def sources(folder: Path) -> tuple[Sources, list[str]]:
    left_out = [line for line in LEFT_OUT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = [*left_out, *(f"own{number}" for number in range(40))]
    posts, ordinary = folder / "posts.jsonl", folder / "ordinary.jsonl"
    posts.write_text("\n".join(json.dumps({**LABELLED, "id": name, "text": f"kom dan {name}"}) for name in names))
    ordinary.write_text("\n".join(json.dumps({"id": name, "text": f"dag {name}", "lang": "en"}) for name in names))
    return Sources((posts,), (), (ordinary,), folder), left_out


def test_posts_that_measuring_files_repeat_are_not_learned_from(tmp_path: Path) -> None:
    given, left_out = sources(tmp_path)
    parts = read(given, 7)
    learned = {row.id for row in (*parts.rows, *parts.ordinary, *parts.ordinary_held)}
    assert left_out
    assert learned == {f"own{number}" for number in range(40)}


def test_what_one_network_does_not_see_is_held_and_the_tenths_are_all(tmp_path: Path) -> None:
    parts = read(sources(tmp_path)[0], 7)
    for tenth in range(TENTHS):
        assert not {row.id for row in parts.held(tenth)} & {row.id for row in parts.without(tenth)}
    assert sorted(row.id for tenth in range(TENTHS) for row in parts.held(tenth)) == sorted(
        row.id for row in parts.rows
    )
