"""Analysing posts: the whole cascade from a text to an Analysis. Pure: no clock, no network, no memory between calls.

A text's answer depends on the text, its moment and the settings only, never on the texts beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from nlp import heads, terms
from nlp.calibration import Calibration
from nlp.encoder import Encoded, Encoder, ModelFolderError
from nlp.encoder_text import encoder_text
from nlp.encoding import Encoding
from nlp.facts import find_facts
from nlp.gate import Gate
from nlp.imminent import imminent
from nlp.language import language
from nlp.level import level, within_a_day
from nlp.normalise import Normalised, fold
from nlp.places import gazetteer, linker
from nlp.reasons import disguised_words, heaviest_part, reasons
from nlp.terms import TermHit, TermList
from nlp.times import VAGUE, TimeMention, find_times, soonest
from nlp.windows import Stretch, joined, parts, windows
from signals.analysis import Analysis, Fact, Facts, Reason, Span, TimeWindow, Versions
from signals.frozen import Frozen
from signals.label import Category, Genre, Lang, Level
from signals.masking import Masked, mask
from signals.place import Mention
from signals.settings_version import DetectionSettings

_NO_FACTS = Facts()
MODELS = Path(__file__).parent / "models" / "detector"
TOGETHER = 256
"""Texts that are read before the encoder hears of them."""
MOST_STRETCHES = 32
"""Stretches of one text that the encoder reads: those the gate finds likeliest. A text within bounds has up to 375."""


class Detector(Frozen):
    """What a model folder says about its model, beside the weights. `closed_score`: of a post the gate keeps out."""

    version: str
    base: str
    calibration: Calibration
    closed_score: float
    fact_logits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to analyse and the moment it was written."""

    text: str
    moment: datetime
    region: str = ""
    """The municipality that the source is about, where it is about one; else the team's own region counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text is flagged, its score, and whether the gate let it through to the encoder."""

    flagged: bool
    score: float
    opened: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """One text on its way through the cascade."""

    given: Text
    masked: Masked
    clean: Normalised
    folded: str
    hits: list[TermHit]

    def original(self, start: int, end: int) -> Span:
        """The span of the given text behind a span of the normalised one."""
        return self.masked.to_original(*self.clean.original(start, end))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a text before the encoder answers."""

    read: _Read
    links: linker.Links
    lang: Lang
    versions: Versions


class Analyser:
    """All parts of the cascade, loaded once."""

    def __init__(
        self, gate: Gate, encoder: Encoder, detector: Detector, term_list: TermList, places: linker.Linker
    ) -> None:
        self._gate = gate
        self._encoder = encoder
        self._detector = detector
        self._terms = term_list
        self._linker = places
        # Which words were looked for: the terms and the names of places, each by its version.
        self._words = f"{term_list.version}+places.{places.gazetteer.version}"

    @staticmethod
    def load(models: Path | None = None, imported: Path | None = None) -> "Analyser":
        """Load the shipped model, or the one in the folder `models`; `imported` holds places on top of the shipped."""
        folder = models or MODELS
        try:
            detector = Detector.model_validate_json((folder / "detector.json").read_bytes())
            gate = Gate.load(folder / "gate.npz")
        except FileNotFoundError as problem:
            raise ModelFolderError(f"{problem.filename} is missing: make a model with 'seinpost train'") from None
        except (ValidationError, KeyError, ValueError, json.JSONDecodeError):
            raise ModelFolderError(
                f"{folder} holds a model of another version: make one with 'seinpost train'"
            ) from None
        places = linker.Linker(gazetteer.load(imported=imported)) if imported is not None else linker.shipped()
        return Analyser(gate, Encoder(folder), detector, terms.shipped(), places)

    def analyse(self, texts: Sequence[Text], settings: DetectionSettings) -> list[Analysis]:
        """One analysis per text, in order; offsets count code points of the text given."""
        with Encoding(self._encoder) as encoding:
            reads, opened = self._begin(texts, settings, encoding)
            # While the encoder works: what every text is told, flagged or not.
            links = [self._linker.link(read.clean.text, read.given.region or settings.region) for read in reads]
            langs = [language(read.folded) for read in reads]
            encoded = _by_text(opened, encoding.made())
        versions = Versions(model=self._detector.version, terms=self._words, settings=settings.version)
        return [
            self._judge(_Known(read, link, lang, versions), made, settings)
            for read, link, lang, made in zip(reads, links, langs, encoded, strict=True)
        ]

    def verdicts(self, texts: Sequence[Text], settings: DetectionSettings) -> list[Verdict]:
        """Only whether each text is flagged, as `analyse` would: for trying many wordings of one text."""
        with Encoding(self._encoder) as encoding:
            _, opened = self._begin(texts, settings, encoding)
            encoded = _by_text(opened, encoding.made())
        made: list[Verdict] = []
        for numbers in encoded:
            if numbers is None:
                made.append(Verdict(flagged=False, score=self._detector.closed_score, opened=False))
            else:
                _, score, flagged = self._decide(numbers, settings)
                made.append(Verdict(flagged, score, opened=True))
        return made

    def _begin(
        self, texts: Sequence[Text], settings: DetectionSettings, encoding: Encoding
    ) -> tuple[list[_Read], list[list[Stretch]]]:
        """Read every text and start the encoder on the windows worth its time; the second list has those of each."""
        team = terms.team_terms(settings.team_terms)
        reads: list[_Read] = []
        opened: list[list[Stretch]] = []
        for at in range(0, len(texts), TOGETHER):
            fresh = [self._read(text, team) for text in texts[at : at + TOGETHER]]
            spans = self._opened([(read.clean.text, read.hits) for read in fresh], settings)
            encoding.add(
                [read.clean.text[one.start : one.end] for read, own in zip(fresh, spans, strict=True) for one in own]
            )
            reads += fresh
            opened += spans
        encoding.start()
        return reads, opened

    def _opened(
        self, texts: Sequence[tuple[str, Sequence[TermHit]]], settings: DetectionSettings
    ) -> list[list[Stretch]]:
        """The windows of each text that are worth the encoder's time, with their parts; of a short text itself."""
        whole = [(number, Stretch(*window)) for number, (clean, _) in enumerate(texts) for window in windows(clean)]
        worth = self._worth(texts, whole, settings.gate_threshold)
        inside = [
            (number, part)
            for number, window, _ in worth
            for part in parts(texts[number][0], (window.start, window.end))
        ]
        likely: list[list[tuple[float, Stretch]]] = [[] for _ in texts]
        for number, stretch, chance in [*worth, *self._worth(texts, inside, settings.gate_threshold)]:
            likely[number].append((chance, stretch))
        return [
            [stretch for _, stretch in sorted(own, key=lambda pair: (-pair[0], pair[1].start))[:MOST_STRETCHES]]
            for own in likely
        ]

    def _worth(
        self, texts: Sequence[tuple[str, Sequence[TermHit]]], asked: Sequence[tuple[int, Stretch]], least: float
    ) -> list[tuple[int, Stretch, float]]:
        """The stretches that are at least so likely worth the encoder's time, and how likely; one that holds a term
        which opens the gate surely is."""
        told = [
            any(hit.term.opens_gate and stretch.start <= hit.start < stretch.end for hit in texts[number][1])
            for number, stretch in asked
        ]
        unsure = [
            texts[number][0][one.start : one.end] for (number, one), sure in zip(asked, told, strict=True) if not sure
        ]
        chances = iter(self._gate.probabilities(unsure))
        known = [(number, one, 1.0 if sure else next(chances)) for (number, one), sure in zip(asked, told, strict=True)]
        return [(number, one, chance) for number, one, chance in known if chance >= least]

    def _decide(self, encoded: Encoded, settings: DetectionSettings) -> tuple[heads.Reading, float, bool]:
        reading = heads.read(encoded.post)
        score = self._detector.calibration.score(reading.logit)
        return reading, score, score >= settings.category_thresholds.get(reading.category, settings.threshold)

    def gate_opens(self, clean: str, hits: Sequence[TermHit], settings: DetectionSettings) -> bool:
        """Whether a normalised text is worth the encoder's time."""
        return bool(self._opened([(clean, hits)], settings)[0])

    def _read(self, text: Text, team: TermList) -> _Read:
        masked = mask(text.text)
        clean = encoder_text(masked.text)
        folded = fold(clean.text)
        return _Read(text, masked, clean, folded, [*self._terms.find(folded), *team.find(folded)])

    def _judge(self, known: _Known, encoded: Encoded | None, settings: DetectionSettings) -> Analysis:
        read, links = known.read, known.links
        closed = (None, self._detector.closed_score, False)
        reading, score, flagged = self._decide(encoded, settings) if encoded else closed
        category = reading.category if reading else Category.NONE
        facts, window, grade = _NO_FACTS, None, Level.UITING
        why: tuple[Reason, ...] = ()
        soon = False
        if flagged and encoded and reading:
            times = find_times(read.folded, read.given.moment)
            soon = imminent(read.folded, times, read.given.moment, reading.imminent)
            facts, window, grade = self._weigh(read, encoded, links.found, category, times, soon=soon)
            part = None if any(facts.spans(fact) for fact in Fact) else self._heaviest(read)
            hidden = disguised_words(read.given.text, read.clean.undone, read.masked.to_original)
            why = reasons(facts, read.hits, part, read.original, hidden)
        return Analysis(
            flagged=flagged,
            score=score,
            category=category if flagged else Category.NONE,
            imminent=soon,
            genre=reading.genre if reading else Genre.EVERYDAY,
            lang=known.lang,
            level=grade,
            facts=facts,
            places=_mentions(read, links.found),
            reasons=why,
            window=window,
            versions=known.versions,
        )

    def _weigh(
        self,
        read: _Read,
        encoded: Encoded,
        places: Sequence[linker.Found],
        category: Category,
        times: Sequence[TimeMention],
        *,
        soon: bool,
    ) -> tuple[Facts, TimeWindow | None, Level]:
        found = find_facts(read.clean.text, encoded, category, places, times, self._detector.fact_logits)
        window = soonest(times)
        told = window is not None and window.confidence >= VAGUE
        near = within_a_day(window, read.given.moment) if told else soon
        grade = level(
            flagged=True,
            category=category,
            aim=bool(found[Fact.PLACE] or found[Fact.TARGET] or places),
            time=bool(found[Fact.TIME]),
            call=bool(found[Fact.CALL]),
            within_a_day=near and bool(found[Fact.TIME]),
        )
        spans = {fact.value: _originals(read, found[fact]) for fact in Fact}
        return Facts(**spans), window, grade

    def _heaviest(self, read: _Read) -> Span | None:
        part = heaviest_part(
            read.clean.text, lambda texts: [float(e.post[heads.ACTIONABLE]) for e in self._encoder.encode(texts)]
        )
        return read.original(*part) if part else None


def _by_text(opened: Sequence[Sequence[Stretch]], made: Sequence[Encoded]) -> list[Encoded | None]:
    """The numbers of each text from those of all stretches in a row; None where the gate let nothing through."""
    numbers = iter(made)
    return [joined([(one, next(numbers)) for one in own]) if own else None for own in opened]


def _originals(read: _Read, spans: Sequence[Span]) -> tuple[Span, ...]:
    found = {read.original(start, end) for start, end in spans}
    return tuple(sorted(span for span in found if span[0] < span[1]))


def _mentions(read: _Read, places: Sequence[linker.Found]) -> tuple[Mention, ...]:
    mentions: list[Mention] = []
    for place in places:
        start, end = read.original(place.start, place.end)
        if start < end:
            surface = read.given.text[start:end]
            mentions.append(Mention(text=surface, start=start, end=end, kind=place.kind, id=place.id, name=place.name))
    return tuple(mentions)
