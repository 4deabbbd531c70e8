"""Style sheets, scripts and icons: each with an address that names its content, and kept by the browser for a year."""

import hashlib
import os
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
_KEPT = "public, max-age=31536000, immutable"


@cache
def mark(name: str) -> str:
    """A short mark of a file's content."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is fetched; another content has another address."""
    return f"/static/{name}?v={mark(name)}"


class KeptFiles(StaticFiles):
    """The files. One that is asked for by the address of its content need never be asked for again."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, and how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        if asked == [mark(Path(full_path).relative_to(STATIC.resolve()).as_posix())]:
            response.headers["Cache-Control"] = _KEPT
        return response
