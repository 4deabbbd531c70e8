"""Explaining one flagged text on demand: what was undone, what weighed, and the nearest change that would un-flag it.

Runs the cascade on the text with stretches left out, at most `MOST_RUNS` times; too dear for every post of a stream.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.analyse import Analyser, Text, Verdict
from nlp.encoder_text import encoder_text
from nlp.normalise import Undone
from nlp.reasons import PART
from signals.analysis import Analysis, Fact, Span
from signals.masking import mask
from signals.settings_version import DetectionSettings

MOST_RUNS = 24
"""Texts that may be tried for one explanation; the encoder reads no more than these."""
_MOST_STRETCHES, _MOST_WORDS = 10, 8
_MOST_OF_THE_TEXT = 0.75
"""Leaving out more than this share of a text is no change of it any more."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Weight:
    """A stretch of the text and how much of the score goes when it is left out, from 0 (nothing) to 1 (all of it)."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`nearest`: the stretches without which the text is not flagged; empty when it is not, None when none were found.

    `runs` counts the texts that were tried.
    """

    undone: tuple[Undone, ...]
    weights: tuple[Weight, ...]
    nearest: tuple[Span, ...] | None
    runs: int


class _Trial:
    """The text with stretches left out, run through the cascade, within the number of runs that is left."""

    def __init__(self, analyser: Analyser, text: Text, settings: DetectionSettings) -> None:
        self._analyser, self._text, self._settings = analyser, text, settings
        self.runs = 0

    def without(self, choices: Sequence[Sequence[Span]]) -> list[Verdict]:
        """One verdict per choice of stretches, for as many choices as may still be tried."""
        tried = choices[: MOST_RUNS - self.runs]
        self.runs += len(tried)
        texts = [Text(left_out(self._text.text, spans), self._text.moment) for spans in tried]
        return self._analyser.verdicts(texts, self._settings) if texts else []


def explain(analyser: Analyser, text: Text, settings: DetectionSettings, analysis: Analysis) -> Explanation:
    """Explain an analysis that `analyser` made of `text` with these settings."""
    masked = mask(text.text)
    undone = tuple(
        Undone(*masked.to_original(one.start, one.end), one.what) for one in encoder_text(masked.text).undone
    )
    if not analysis.flagged:
        return Explanation(undone, (), (), 0)
    trial = _Trial(analyser, text, settings)
    stretches = _stretches(text.text, analysis)
    verdicts = trial.without([[stretch] for stretch in stretches])
    weights = tuple(
        Weight(*stretch, round(max(0.0, 1 - verdict.score / analysis.score), 2))
        for stretch, verdict in sorted(zip(stretches, verdicts, strict=False))
    )
    return Explanation(undone, weights, _nearest(text.text, stretches, verdicts, trial), trial.runs)


def left_out(text: str, spans: Sequence[Span]) -> str:
    """The text without these stretches, a blank in place of each."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _stretches(text: str, analysis: Analysis) -> list[Span]:
    """What may be left out on its own: facts, terms and places that the analysis names, then the parts of the text."""
    named = [(reason.start, reason.end) for reason in analysis.reasons]
    named += [span for fact in Fact for span in analysis.facts.spans(fact)]
    named += [(place.start, place.end) for place in analysis.places]
    parts = [_trimmed(text, found.start(), found.end()) for found in PART.finditer(text)]
    whole = _trimmed(text, 0, len(text))
    found = [span for span in dict.fromkeys([*named, *parts]) if span[0] < span[1] and span != whole]
    if len(found) < 2:
        found += [span for match in _WORD.finditer(text) if (span := match.span()) not in found]
    return found[:_MOST_STRETCHES]


def _nearest(
    text: str, stretches: Sequence[Span], verdicts: Sequence[Verdict], trial: _Trial
) -> tuple[Span, ...] | None:
    tried = list(zip(stretches, verdicts, strict=False))
    alone = [stretch for stretch, verdict in tried if not verdict.flagged]
    if alone:
        shortest = min(alone, key=lambda span: (span[1] - span[0], span))
        return (_narrowed(text, shortest, trial),)
    chosen: list[Span] = []
    for stretch, _ in sorted(tried, key=lambda pair: (pair[1].score, pair[0])):
        more = _union([*chosen, stretch])
        if more == chosen or sum(end - start for start, end in more) > _MOST_OF_THE_TEXT * len(text):
            continue
        chosen = more
        if chosen == [stretch]:
            continue
        answer = trial.without([chosen])
        if not answer:
            return None
        if not answer[0].flagged:
            return tuple(chosen)
    return None


def _union(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap made one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _narrowed(text: str, span: Span, trial: _Trial) -> Span:
    """The shortest single word within the stretch that does it, too; else the stretch."""
    words = [(span[0] + found.start(), span[0] + found.end()) for found in _WORD.finditer(text[span[0] : span[1]])]
    if len(words) < 2:
        return span
    longest_first = sorted(words, key=lambda word: (word[0] - word[1], word))[:_MOST_WORDS]
    verdicts = trial.without([[word] for word in longest_first])
    enough = [word for word, verdict in zip(longest_first, verdicts, strict=False) if not verdict.flagged]
    return min(enough, key=lambda word: (word[1] - word[0], word), default=span)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
