"""The two plots: what they show, that they are well-formed, and that a PNG comes beside each."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from nlp.evaluate.curves import precision_recall, reliability
from nlp.evaluate.intervals import average_precision
from nlp.evaluate.picture_files import NoPngError, write_plots
from nlp.evaluate.plots import Calibration, Trade, precision_recall_svg, reliability_svg
from tests.nlp.evaluate.invented import post, rows

ROWS = rows([post(f"p{n}", actionable=n % 3 == 0) for n in range(30)], [n % 3 == 0 or n == 1 for n in range(30)])


def test_five_bins_hold_equally_many_posts_by_rising_score() -> None:
    scores = np.linspace(0, 1, 50)
    bins = reliability(scores > 0.5, scores)
    assert [one.rows for one in bins] == [10] * 5
    assert [one.mean_score for one in bins] == sorted(one.mean_score for one in bins)
    assert bins[0].actionable is not None
    assert bins[0].actionable["value"] == 0.0


def test_the_area_under_the_drawn_steps_is_the_average_precision() -> None:
    chance = np.random.default_rng(1)
    labels, scores = chance.random(200) < 0.4, np.round(chance.random(200), 1)
    area, before = 0.0, 0.0
    for recall, precision in precision_recall(labels, scores):
        area, before = area + (recall - before) * precision, recall
    assert area == pytest.approx(average_precision(labels, scores))


def test_a_plot_is_well_formed_says_what_it_shows_and_tells_two_models_apart_without_colour() -> None:
    bins = reliability(ROWS.actionable, ROWS.scores)
    points = precision_recall(ROWS.actionable, ROWS.scores)
    for svg in (
        reliability_svg([Calibration("<this>", bins), Calibration("other & more", bins)]),
        precision_recall_svg([Trade("<this>", points, None, None), Trade("other & more", points, None, None)], 0.3),
    ):
        picture = ElementTree.fromstring(svg)  # noqa: S314 (our own picture)
        assert "against" in picture.attrib["aria-label"]
        words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
        assert {"<this>", "other & more"} <= set(words)
        assert "stroke-dasharray" in svg


def test_rows_without_a_signal_still_give_a_picture() -> None:
    assert precision_recall(np.zeros(3, bool), np.zeros(3)) == []
    ElementTree.fromstring(precision_recall_svg([Trade("this", [], None, None)], 0.0))  # noqa: S314


def test_both_plots_are_written_as_svg_and_png(tmp_path: Path, chromium: str) -> None:
    assert chromium
    written = write_plots(tmp_path / "plots", {"this": ROWS})
    assert sorted(path.name for path in written) == [
        "precision-recall.png", "precision-recall.svg", "reliability.png", "reliability.svg",
    ]  # fmt: skip
    for path in written:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")


def test_without_a_browser_the_svg_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPngError, match="Chromium"):
        write_plots(tmp_path, {"this": ROWS})
    assert (tmp_path / "reliability.svg").is_file()
    assert (tmp_path / "precision-recall.svg").is_file()
