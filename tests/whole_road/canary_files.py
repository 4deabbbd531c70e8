"""Exports with canaries in good lines and columns, and in lines that are malformed, oversized or undecodable."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.canary.canaries import CORE
from tests.whole_road.canary_texts import everything

_BIG = 1_200_000
_NOW = datetime.now(UTC)


def row(number: int, text: str) -> dict[str, object]:
    """A good line with canaries in every column that has room for one."""
    return {
        "id": f"{CORE}-{number}",
        "text": text,
        "posted_at": f"@{CORE}" if number % 5 == 4 else _NOW.isoformat(),
        "url": f"https://bericht.example/{CORE}/{number}",
        "lang": "nl-91827364" if number % 2 else "nl",
        "version": f"{CORE}-{number}",
        "author": f"@{CORE}",
        "author_url": f"https://{CORE}.invalid/",
        "phone": "06 91 82 73 64",
    }


def json_lines(file: Path, texts: Sequence[str]) -> int:
    """Write an export as JSON lines; the answer is how many of its lines are bad."""
    good = [json.dumps(row(n, text), ensure_ascii=n % 3 == 0).encode() for n, text in enumerate(texts)]
    bad = list(_bad_json())
    file.write_bytes(b"\n".join([*good, *bad]) + b"\n")
    return len(bad)


def _bad_json() -> Iterator[bytes]:
    words = everything()
    whole = row(9000, words)
    yield json.dumps(whole).encode()[:-40]
    yield json.dumps(whole).encode() + b" @" + CORE.encode()
    yield json.dumps(whole, ensure_ascii=False).encode().replace(b"neem", b"\xff\xfe\xc3")
    yield json.dumps({**whole, "text": words + "x " * (_BIG // 2) + words}).encode()
    yield json.dumps([words]).encode()
    yield json.dumps(words).encode()
    yield json.dumps({f"@{CORE}": words, "91827364": words}).encode()
    yield json.dumps({**whole, "text": [words]}).encode()
    yield json.dumps({**whole, "text": {f"@{CORE}": words}}).encode()
    yield json.dumps({**whole, "text": words + "\ud800"}).encode()
    yield json.dumps({**whole, "id": f"{CORE}\ud800"}).encode()
    yield json.dumps({**whole, "url": [f"https://{CORE}.invalid"]}).encode()
    yield json.dumps({**whole, "deleted": f"@{CORE}"}).encode()
    yield json.dumps({**whole, "text": words * 8}).encode()
    yield b"[" * 50_000 + words.replace("\n", " ").encode()


def comma_separated(file: Path, texts: Sequence[str]) -> int:
    """Write an export as CSV below a preamble; the answer is how many of its records are bad."""
    words = everything().replace("\n", " ")
    columns = tuple(row(0, ""))
    out = io.StringIO()
    out.write(f"Export voor @{CORE}\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row(5000 + n, text)[name] for name in columns] for n, text in enumerate(texts))
    bad = [
        ";".join((f"@{CORE}", words)).encode(),
        words.encode() + b"\xff\xfe",
        (words + "x" * _BIG + words).encode(),
        b";".join([words.encode()] * (len(columns) - 2) + [b"", b'"nooit dicht']),
    ]
    file.write_bytes(out.getvalue().encode() + b"\n".join(bad) + b"\n")
    return len(bad)


def without_header(file: Path) -> None:
    """Write a file that is no export at all."""
    file.write_text(everything().replace("\n", ";\n"))
