"""Reading the bars that detection must clear before a model or settings version is used. Judging is `gate`'s work."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from signals.frozen import Frozen

SHIPPED = Path(__file__).parent / "bars.toml"
Share = Annotated[float, Field(ge=0, le=1)]


class BarsFileError(Exception):
    """A file with bars cannot be read; the message says which field."""


class Bars(Frozen):
    """The bars; `bars.toml` says what each one means."""

    lyrics_false_rate: Share
    class_false_rate: Share
    class_rows: Annotated[int, Field(ge=1)]
    register_gap: Share
    area_ratio: Annotated[float, Field(ge=1)]
    ordinary_flag_rate: Share

    @staticmethod
    def read(path: Path = SHIPPED) -> "Bars":
        """The bars of a file, or BarsFileError."""
        try:
            return Bars.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise BarsFileError(f"{path}: cannot be read as TOML ({type(problem).__name__})") from None
        except ValidationError as problem:
            field = ".".join(str(part) for part in problem.errors()[0]["loc"])
            raise BarsFileError(f"{path}: {field} is missing or wrong") from None
