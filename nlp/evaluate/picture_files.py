"""Writing the two plots as SVG, and as PNG with the machine's Chromium in headless mode.

Chromium because the tests of the screens need it anyway and it draws text as the SVG says; no part is added for it.
Where there is none, the SVG alone is kept.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from nlp.evaluate.curves import precision_recall, reliability
from nlp.evaluate.intervals import wilson
from nlp.evaluate.plots import HEIGHT, WIDTH, Calibration, Trade, precision_recall_svg, reliability_svg
from nlp.evaluate.rows import Rows

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60


class NoPngError(Exception):
    """The PNG could not be made; the message says why. The SVG is there."""


def write_plots(folder: Path, models: Mapping[str, Rows]) -> list[Path]:
    """Write `reliability` and `precision-recall` for one model or two; NoPngError when only the SVG could be made."""
    first = next(iter(models.values()))
    share = float(first.actionable.mean()) if len(first) else 0.0
    folder.mkdir(parents=True, exist_ok=True)
    svgs = {
        "reliability": reliability_svg(
            [Calibration(name, reliability(rows.actionable, rows.scores)) for name, rows in models.items()]
        ),
        "precision-recall": precision_recall_svg([_trade(name, rows) for name, rows in models.items()], share),
    }
    written = [folder / f"{name}.svg" for name in svgs]
    for path, svg in zip(written, svgs.values(), strict=True):
        path.write_text(svg, encoding="utf-8")
    return written + [png_beside(path, WIDTH, HEIGHT) for path in written]


def _trade(name: str, rows: Rows) -> Trade:
    both = int((rows.actionable & rows.flagged).sum())
    return Trade(
        name,
        precision_recall(rows.actionable, rows.scores),
        recall=wilson(both, int(rows.actionable.sum())),
        precision=wilson(both, int(rows.flagged.sum())),
    )


def png_beside(svg: Path, width: int, height: int) -> Path:
    """Draw the SVG at twice its size; returns the PNG's path, or raises NoPngError."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        raise NoPngError("no PNG was made: Chromium is not here (Debian: apt-get install chromium)")
    png = svg.with_suffix(".png").resolve()
    png.unlink(missing_ok=True)
    with TemporaryDirectory() as profile:
        command = [
            program,
            "--headless",
            "--no-sandbox",  # it opens this one file, which we wrote
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=2",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={png}",
            svg.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise NoPngError(f"no PNG was made: Chromium took more than {SECONDS} seconds") from None
    if done.returncode or not png.is_file():
        raise NoPngError(f"no PNG was made: Chromium ended with status {done.returncode}")
    return png
