"""Holding measured figures against the bars: one line for each bar broken, one for each not measured.

A bar is held against the measured value; the interval stands beside it in the line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlp.evaluate.areas import AreaGroup
from nlp.evaluate.bars import Bars
from nlp.evaluate.groups import Group
from nlp.evaluate.intervals import Interval
from nlp.evaluate.pairs import STANDARD, Registers


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured that a bar speaks of; empty or None where no such rows were given."""

    by_genre: Mapping[str, Group]
    by_class: Mapping[str, Group]
    areas: Mapping[str, AreaGroup]
    registers: Registers | None
    ordinary: Mapping[str, Interval | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`judged` counts the figures held against a bar; none at all is no pass."""

    broken: tuple[str, ...]
    not_measured: tuple[str, ...]
    judged: int


@dataclass(frozen=True, slots=True)
class _Held:
    """One figure and the bounds of its bar."""

    bar: str
    of: str
    figure: Interval
    most: float
    least: float = 0.0

    def line(self) -> str | None:
        """What is broken, in one line; None when nothing is."""
        value, low, high = (self.figure[name] for name in ("value", "low", "high"))
        if self.least <= value <= self.most:
            return None
        side, bar = ("more", self.most) if value > self.most else ("less", self.least)
        return f"{self.bar}: {self.of}: {value:.4g} ({low:.4g} to {high:.4g}), {side} than {bar:.4g}"


def judge(bars: Bars, evidence: Evidence) -> Verdict:
    """All bars over all there is to measure on."""
    held = list(_held(bars, evidence))
    judged = {one.bar for one in held}
    return Verdict(
        broken=tuple(line for one in held if (line := one.line())),
        not_measured=tuple(f"{bar}: {why}" for bar, why in _WITHOUT.items() if bar not in judged),
        judged=len(held),
    )


_WITHOUT = {
    "lyrics_false_rate": "no harmless lyric was given",
    "class_false_rate": "no class of a measuring set has enough harmless rows",
    "register_gap": "no harmless counterfactual posts were given",
    "area_ratio": "no area or town has ten flags on both sides",
    "ordinary_flag_rate": "no ordinary posts were given",
}


def _held(bars: Bars, evidence: Evidence) -> Iterator[_Held]:
    lyrics = evidence.by_genre.get("lyric")
    if lyrics and lyrics.false_rate:
        yield _Held("lyrics_false_rate", "lyric", lyrics.false_rate, bars.lyrics_false_rate)
    for name, group in evidence.by_class.items():
        if group.false_rate and group.rows - group.actionable >= bars.class_rows:
            yield _Held("class_false_rate", name, group.false_rate, bars.class_false_rate)
    for name, register in (evidence.registers.registers if evidence.registers else {}).items():
        if register.gap:
            between = f"{name} beside {STANDARD}"
            yield _Held("register_gap", between, register.gap, bars.register_gap, -bars.register_gap)
    for name, area in evidence.areas.items():
        if area.ratio:
            yield _Held("area_ratio", name, area.ratio, bars.area_ratio, 1 / bars.area_ratio)
    for lang, rate in evidence.ordinary.items():
        if rate:
            yield _Held("ordinary_flag_rate", lang, rate, bars.ordinary_flag_rate)
