"""The golden copies: for each version of a message the schema it had when it came, and records written in that form.

A version's files are made once (`python -m tests.pipeline.kafka.golden_records KIND`) and never changed after.
"""

import json
import sys
from pathlib import Path

from pipeline.contract import MESSAGES, Message
from tests.pipeline.kafka.example_records import EXAMPLES

GOLDEN = Path(__file__).parent / "golden"


def schema_file(message: Message) -> Path:
    """Where the schema of a message's version stands."""
    return GOLDEN / f"{message.kind}.schema.json"


def record_files(message: Message) -> list[Path]:
    """Its records as they were written, the fullest and the barest."""
    return sorted(GOLDEN.glob(f"{message.kind}.record-*.json"))


def make(message: Message) -> None:
    """Write the files of a new version. Refuses one that has them."""
    if schema_file(message).exists():
        raise SystemExit(f"{message.kind} has its golden copy: raise the version in pipeline/contract.py instead")
    schema_file(message).write_text(json.dumps(message.type.model_json_schema(), indent=1, sort_keys=True) + "\n")
    for name, record in EXAMPLES[message.type].items():
        (GOLDEN / f"{message.kind}.record-{name}.json").write_text(record.model_dump_json() + "\n")


if __name__ == "__main__":
    for each in MESSAGES:
        if each.kind in sys.argv[1:]:
            make(each)
