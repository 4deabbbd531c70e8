"""Importing an export: what comes in, what is set aside, and that a killed import goes on where it stopped."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest

from collectors.exports.importing import ImportReport, collector_name, import_file
from collectors.exports.mapping import Mapping, MappingUnreadable, load
from collectors.exports.records import ExportUnreadable
from collectors.permission import NoValidOrder
from signals.order import Scope
from signals.post import Post, PostRemoved, Source
from tests.collectors.room import ID_KEY, Room, SinkDown, now, order

Mappable = bytes | str


def run(room: Room, path: Path, mapping: Mapping | None = None) -> ImportReport:
    with path.open("rb") as file:
        outlet = room.outlet(collector_name("tool", file))
        return import_file(file, path.name, "tool", mapping or Mapping(), outlet, now())


def written(folder: Path, name: str, content: Mappable) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_json_lines_become_masked_posts_with_a_sealed_link(tmp_path: Path) -> None:
    room = Room()
    row = {
        "id": "1",
        "text": "kom vanmiddag naar station Krommenie @qzcanary7",
        "posted_at": "2026-11-20T13:05:00Z",
        "url": "https://voorbeeld.example/qzcanary7/1?utm_source=x",
        "lang": "nl",
        "author": "qzcanary7",
    }
    report = run(room, written(tmp_path, "a.jsonl", jsonl(row)))
    (post,) = room.records
    assert isinstance(post, Post)
    assert post.text == "kom vanmiddag naar station Krommenie [@]"
    assert (post.source, post.lang_hint, post.order_id) == (Source.EXPORT, "nl", room.order.id)
    assert post.id == ID_KEY.post_id(Source.EXPORT, "tool:1")
    assert post.link is not None
    assert post.link_hash == ID_KEY.link_hash("https://voorbeeld.example/qzcanary7/1")
    assert (report.read, report.accepted, dict(report.dead)) == (1, 1, {})
    assert "qzcanary7" not in room.everything_written()


def test_the_last_line_of_a_post_wins_and_a_deleted_row_removes_it(tmp_path: Path) -> None:
    room = Room()
    rows = [
        {"id": "a", "text": "eerst"},
        {"id": "b", "text": "blijft"},
        {"id": "a", "text": "daarna"},
        {"id": "c", "text": "weg"},
        {"id": "c", "deleted": True},
    ]
    run(room, written(tmp_path, "a.jsonl", jsonl(*rows)))
    assert sorted(map(str, room.state().values())) == ["None", "blijft", "daarna"]
    assert sum(isinstance(record, PostRemoved) for record in room.records) == 1


def test_bad_rows_are_set_aside_with_their_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    room = Room()
    content = b"".join(
        [
            b'{"id": "1", "text": "goed"}\n',
            b'{"id": "2", "text": "half\n',
            b'{"id": "3", "text": "\xff\xfe"}\n',
            b'{"id": "4", "text": "' + b"x" * 5_000_000 + b'"}\n',
            b'{"id": "5", "text": "' + b"y " * 15_000 + b'"}\n',
            b'["geen object"]\n',
            b'{"id": "6"}\n',
            b'{"text": "zonder id"}\n',
            b'{"id": "7", "text": "\\ud800"}\n',
            b'{"id": "8", "text": "misschien", "deleted": "misschien"}\n',
            b"[" * 100_000 + b"\n",
            b'{"id": {"a": 1}, "text": "x"}\n',
            b"\n",
            b'{"id": "9", "text": "ook goed"}',
        ]
    )
    report = run(room, written(tmp_path, "a.jsonl", content))
    assert room.texts() == ["goed", "ook goed"]
    assert dict(report.dead) == {"malformed": 2, "invalid_utf8": 2, "too_large": 2, "schema": 5}
    assert (report.read, report.accepted) == (13, 2)
    big = next(letter for letter in room.letters if letter.size > 1_000_000)
    assert (big.size, len(big.raw)) == (5_000_024, 64 * 1024)


def test_a_huge_line_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as out:
        out.write(b'{"id": "1", "text": "')
        for _ in range(60):
            out.write(b"z" * 1_000_000)
        out.write(b'"}\n{"id": "2", "text": "klein"}\n')
    room = Room()
    tracemalloc.start()
    try:
        run(room, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert room.texts() == ["klein"]
    assert peak < 12_000_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_csv_is_read_with_any_usual_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    room = Room()
    table = delimiter.join(["id", "text", "author", "deleted"]) + "\r\n"
    table += delimiter.join(["1", '"regel één\nregel ""twee""ਅĊ"', "qzcanary7", ""]) + "\r\n"
    table += delimiter.join(["2", "=kom", "qzcanary7", "nee"]) + "\r\n" + delimiter.join(["1", "", "", "ja"]) + "\r\n"
    content = ("\ufeff" if encoding == "utf-16-be" else "") + table
    report = run(room, written(tmp_path, "a.csv", content.encode(encoding)))
    assert room.texts() == ['regel één\nregel "twee"ਅĊ', "=kom"]
    assert (report.read, report.accepted) == (3, 3)
    assert None in room.state().values()


def test_a_preamble_and_a_mapping_file_are_understood(tmp_path: Path) -> None:
    mapping = load(
        written(
            tmp_path,
            "tool.toml",
            'timezone = "Europe/Amsterdam"\ndate_formats = ["%d-%m-%Y %H:%M"]\n'
            '[columns]\nid = "Document ID"\ntext = ["Headline", "Hit Sentence"]\nposted_at = "Date"\nurl = "URL"\n',
        )
    )
    table = (
        "Export van Voorbeeldtool\n\nDocument ID;Date;Headline;Hit Sentence;URL\n"
        "d1;20-11-2026 14:05;Kop;Zin;https://x.example/1\nd2;morgen;Kop twee;;\n"
    )
    room = Room()
    report = run(room, written(tmp_path, "a.csv", table), mapping)
    first, second = room.records
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert first.text == "Kop\n\nZin"
    assert first.posted_at is not None
    assert first.posted_at.isoformat() == "2026-11-20T13:05:00+00:00"
    assert (second.text, second.posted_at, report.without_moment) == ("Kop twee", None, 1)


def test_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    room = Room()
    table = 'id,text\n1,goed\n2,"open\n' + "".join(f"{n},regel {n} {'en nog wat ' * 9}\n" for n in range(3, 4_000))
    report = run(room, written(tmp_path, "a.csv", table))
    assert report.accepted == 3_998
    assert dict(report.dead) == {"malformed": 1}


def test_a_row_with_the_wrong_number_of_cells_is_set_aside(tmp_path: Path) -> None:
    room = Room()
    report = run(room, written(tmp_path, "a.csv", "id,text\n1,goed\n2,goed,te veel\n3\n"))
    assert (report.accepted, dict(report.dead)) == (1, {"schema": 2})


def test_a_file_without_a_usable_header_is_refused_whole(tmp_path: Path) -> None:
    room = Room()
    with pytest.raises(ExportUnreadable, match="--mapping"):
        run(room, written(tmp_path, "a.csv", "naam,waarde\n1,2\n"))
    assert room.batches == []


def test_an_unknown_key_in_a_mapping_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MappingUnreadable, match="auteur"):
        load(written(tmp_path, "m.toml", '[columns]\nauteur = "Influencer"\n'))


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_killed_import_goes_on_without_loss_or_doubles(tmp_path: Path, form: str) -> None:
    rows = [{"id": str(n % 900), "text": f"bericht {n}"} for n in range(1000)]
    content = jsonl(*rows) if form == "jsonl" else "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
    path = written(tmp_path, f"a.{form}", content)
    whole = Room()
    run(whole, path)
    broken = Room(order=whole.order, fail_at_batch=2)
    with pytest.raises(SinkDown):
        run(broken, path)
    assert sum(broken.batches) == 512
    broken.fail_at_batch = None
    report = run(broken, path)
    assert report.resumed_at_row == 512
    assert broken.state() == whole.state()
    assert len(broken.records) == 1000


def test_importing_a_finished_file_again_changes_nothing(tmp_path: Path) -> None:
    room = Room()
    path = written(tmp_path, "a.jsonl", jsonl({"id": "1", "text": "een"}))
    run(room, path)
    before = list(room.records)
    assert run(room, path).already_done
    assert room.records == before


def test_what_is_outside_the_scope_leaves_no_trace(tmp_path: Path) -> None:
    room = Room(order=order(Scope(sources=(Source.EXPORT,), terms=("Krommenie",))))
    rows = [
        {"id": "1", "text": "in KROMMENIE!"},
        {"id": "2", "text": "elders qzcanary7"},
        {"id": "3", "text": "x" * 30_000},
    ]
    report = run(room, written(tmp_path, "a.jsonl", jsonl(*rows)))
    assert room.texts() == ["in KROMMENIE!"]
    assert (report.accepted, report.outside_scope, room.letters) == (1, 2, [])


def test_an_import_stops_when_its_order_is_stopped(tmp_path: Path) -> None:
    room = Room()
    path = written(tmp_path, "a.jsonl", jsonl(*({"id": str(n), "text": "tekst"} for n in range(600))))
    with path.open("rb") as file:
        outlet = room.outlet(collector_name("tool", file))
        with pytest.raises(NoValidOrder, match="was stopped"):
            import_file(file, path.name, "tool", Mapping(), outlet, now(), progress=lambda _: room.stop_order())
    assert room.batches == [256]


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    assert run(Room(), written(tmp_path, "a.jsonl", "")).read == 0
    assert io.BytesIO().read() == b""
