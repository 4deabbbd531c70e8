"""The reliability plot and the precision-recall plot as SVG. Pure text: numbers in, a picture out.

Drawn by hand because both are one square with a few lines in it; a plotting library would be the heaviest part of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nlp.evaluate.curves import Bin
from nlp.evaluate.intervals import Interval

WIDTH, HEIGHT = 640, 600
_LEFT, _TOP, _SIDE = 100, 60, 460
_NAMESPACE = "http://www.w3.org/2000/svg"
_INK, _FAINT, _GRID = "#1b1b1b", "#595959", "#d5d5d5"
_LINES = (("#154273", ""), ("#a33c00", "8 5"))
"""Colour and dashes of the first and the second model: to be told apart without colour too."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One model in the reliability plot."""

    name: str
    bins: Sequence[Bin]


@dataclass(frozen=True, slots=True)
class Trade:
    """One model in the precision-recall plot; `recall` and `precision` are those at its threshold."""

    name: str
    points: Sequence[tuple[float, float]]
    recall: Interval | None
    precision: Interval | None


def reliability_svg(models: Sequence[Calibration]) -> str:
    """Share of actionable posts against mean score, per bin with its 95 % interval."""
    marks = [_line([(0, 0), (1, 1)], _FAINT, "2 4", 2), _words(0.64, 0.585, "calibrated", _FAINT)]
    for model, (colour, dashes) in zip(models, _LINES, strict=False):
        seen = [(one.mean_score, one.actionable) for one in model.bins if one.actionable]
        marks.append(_line([(score, share["value"]) for score, share in seen], colour, dashes, 2))
        for score, share in seen:
            marks.append(_line([(score, share["low"]), (score, share["high"])], colour, "", 1.5))
            marks.append(_dot(score, share["value"], colour))
    names = [model.name for model in models]
    rows = sum(one.rows for one in models[0].bins) if models else 0
    return _picture(
        "Reliability", f"{rows} posts in bins of equal count", "mean score", "share actionable", names, marks
    )


def precision_recall_svg(models: Sequence[Trade], share: float) -> str:
    """Precision against recall at every threshold, the threshold in use as a cross of its 95 % intervals.

    `share`: how many of the posts are actionable, which is the precision of flagging them all.
    """
    marks = [_line([(0, share), (1, share)], _FAINT, "2 4", 2), _words(0.015, share + 0.015, "flag all", _FAINT)]
    for model, (colour, dashes) in zip(models, _LINES, strict=False):
        stairs = [(0.0, model.points[0][1])] if model.points else []
        for recall, precision in model.points:
            stairs += [(stairs[-1][0], precision), (recall, precision)]
        marks.append(_line(stairs, colour, dashes, 2))
        if model.recall and model.precision:
            marks += _cross(model.recall, model.precision, colour)
    names = [model.name for model in models]
    return _picture("Precision and recall", "dot: the threshold in use", "recall", "precision", names, marks)


def _cross(across: Interval, up: Interval, colour: str) -> list[str]:
    return [
        _line([(across["low"], up["value"]), (across["high"], up["value"])], colour, "", 1.5),
        _line([(across["value"], up["low"]), (across["value"], up["high"])], colour, "", 1.5),
        _dot(across["value"], up["value"], colour),
    ]


def _picture(title: str, under: str, across: str, up: str, names: Sequence[str], marks: Sequence[str]) -> str:
    grid = [
        part
        for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
        for part in (
            _line([(tick, 0), (tick, 1)], _GRID, "", 1),
            _line([(0, tick), (1, tick)], _GRID, "", 1),
            _text(_x(tick), _TOP + _SIDE + 22, f"{tick:.1f}", "middle"),
            _text(_LEFT - 10, _y(tick) + 5, f"{tick:.1f}", "end"),
        )
    ]
    legend = [
        part
        for at, (name, (colour, dashes)) in enumerate(zip(names, _LINES, strict=False))
        for part in (
            f'<line x1="{_LEFT + 240 * at}" y1="580" x2="{_LEFT + 40 + 240 * at}" y2="580" stroke="{colour}"'
            f' stroke-width="2" stroke-dasharray="{dashes or "none"}"/>',
            _text(_LEFT + 48 + 240 * at, 585, name),
        )
    ]
    middle = _TOP + _SIDE / 2
    frame = [
        _text(_LEFT, 28, title, size=20),
        _text(_LEFT, 48, under),
        _text(_LEFT + _SIDE / 2, _TOP + _SIDE + 44, across, "middle"),
        f'<g transform="rotate(-90 44 {middle:g})">{_text(44, middle, up, "middle")}</g>',
    ]
    return (
        f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img" aria-label="{escape(f"{title}: {up} against {across}; {under}")}"'
        f' font-family="Arial, Helvetica, sans-serif" fill="{_INK}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        + "\n".join([*grid, *marks, *legend, *frame])
        + "\n</svg>\n"
    )


def _x(value: float) -> float:
    return _LEFT + value * _SIDE


def _y(value: float) -> float:
    return _TOP + (1 - value) * _SIDE


def _line(points: Sequence[tuple[float, float]], colour: str, dashes: str, width: float) -> str:
    path = " ".join(f"{_x(across):.2f},{_y(up):.2f}" for across, up in points)
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{style}/>'


def _dot(across: float, up: float, colour: str) -> str:
    return f'<circle cx="{_x(across):.2f}" cy="{_y(up):.2f}" r="5" fill="{colour}"/>'


def _words(across: float, up: float, words: str, colour: str) -> str:
    return f'<g fill="{colour}">{_text(_x(across), _y(up), words)}</g>'


def _text(x: float, y: float, words: str, anchor: str = "start", size: int = 14) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
