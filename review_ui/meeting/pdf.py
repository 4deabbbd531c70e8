"""A sheet as a PDF that a screen reader can follow (PDF/UA-1), the same bytes for the same numbers. It asks no clock.

Typst makes it: its standard library only, no font of the machine, nothing fetched.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typst

from review_ui.meeting.sheet import Sheet

_TEMPLATE = Path(__file__).with_name("sheet.typ")


def as_pdf(made: Sheet, dated: datetime) -> bytes:
    """The sheet as a PDF whose own date is `dated`."""
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(), ignore_system_fonts=True, sys_inputs={"sheet": json.dumps(asdict(made))}
    )
    pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=dated.astimezone(UTC))
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single PDF")
    return pdf
