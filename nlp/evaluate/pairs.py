"""Counterfactual posts: the same content in several registers, and how far flags and scores hang on the register.

The standard line of a group is the one to compare with. A register is a way of writing, never a person's origin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from nlp.evaluate.intervals import Interval, bootstrap, wilson
from nlp.evaluate.paired import share_difference
from signals.analysis import Analysis
from signals.frozen import Frozen
from signals.label import Category

STANDARD = "standard"


class PairRow(Frozen):
    """One line of a group. A category makes it a signal; without one the content is harmless."""

    group: str
    wording: Annotated[str, Field(alias="register")]
    text: str
    category: Category = Category.NONE

    @property
    def actionable(self) -> bool:
        """Whether the content is a signal."""
        return self.category is not Category.NONE


class LanguageRow(Frozen):
    """The harmless content of a group wholly in another language than Dutch or English: no register of Dutch."""

    group: str
    language: str
    text: str


class GroupRow(Frozen):
    """What the lines of a group are about, and whether they are `calm` or `rough` in tone."""

    group: str
    topic: str
    tone: str


Found = Sequence[tuple[PairRow, Analysis]]


@dataclass(frozen=True, slots=True)
class Register:
    """The posts of one register: how many are flagged, and beside the standard line of the same group the difference
    in flag rate (`gap`) and the mean difference in score."""

    rows: int
    flag_rate: Interval | None
    gap: Interval | None
    score_shift: Interval | None


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers of groups that are harmless, or that are signals.

    `wrong`: harmless lines that were flagged, or signals that were not; group and register, never the text.
    """

    groups: int
    registers: dict[str, Register]
    by_tone: dict[str, Interval | None]
    wrong: tuple[str, ...]


def registers(
    rows: Sequence[PairRow], analyses: Sequence[Analysis], groups: Sequence[GroupRow] = (), *, actionable: bool
) -> Registers | None:
    """The groups that are signals, or those that are harmless; None where there are none."""
    found = [(row, analysis) for row, analysis in zip(rows, analyses, strict=True) if row.actionable is actionable]
    if not found:
        return None
    by_register: dict[str, dict[str, Analysis]] = {}
    for row, analysis in found:
        by_register.setdefault(row.wording, {})[row.group] = analysis
    standard = by_register.get(STANDARD, {})
    return Registers(
        groups=len({row.group for row, _ in found}),
        registers={name: _register(name, answers, standard) for name, answers in sorted(by_register.items())},
        by_tone=_by_tone(found, {group.group: group.tone for group in groups}),
        wrong=tuple(f"{row.group}/{row.wording}" for row, analysis in found if analysis.flagged is not actionable),
    )


def _register(name: str, answers: Mapping[str, Analysis], standard: Mapping[str, Analysis]) -> Register:
    both = [] if name == STANDARD else sorted(answers.keys() & standard.keys())
    this = np.array([answers[group].flagged for group in both], bool)
    other = np.array([standard[group].flagged for group in both], bool)
    shift = np.array([answers[group].score - standard[group].score for group in both], np.float64)
    return Register(
        rows=len(answers),
        flag_rate=wilson(sum(analysis.flagged for analysis in answers.values()), len(answers)),
        gap=share_difference(this, other),
        score_shift=bootstrap(len(both), lambda at: float(shift[at].mean())),
    )


def _by_tone(found: Found, tones: Mapping[str, str]) -> dict[str, Interval | None]:
    made: dict[str, Interval | None] = {}
    for tone in sorted({tones[row.group] for row, _ in found if row.group in tones}):
        flags = [analysis.flagged for row, analysis in found if tones.get(row.group) == tone]
        made[tone] = wilson(sum(flags), len(flags))
    return made
