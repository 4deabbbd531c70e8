"""Measures finding places in ordinary posts: our linker, spaCy's matchers and a fuzzy search over the same names."""

import resource
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import spacy
from rapidfuzz import fuzz, process, utils
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bench.row import Row
from bench.streams import invented
from nlp.labelled import read_ordinary
from nlp.normalise import fold, normalise
from nlp.places.gazetteer import Gazetteer, load
from nlp.places.linker import Linker

QUESTION = "How many ordinary posts a second does finding places take, on one core?"
REAL = Path(__file__).parents[2] / "shared" / "data" / "posts" / "train" / "ordinary_nl.jsonl"
"""Real posts are longer than ours; they are measured where they lie beside the project."""
POSTS, FEW = 6000, 30
"""Ordinary invented posts; the fuzzy search gets a few, for it takes so long."""


def rows() -> Iterator[Row]:
    """Our linker first, with its start and memory; then the two alternatives with the same names."""
    began = perf_counter()
    gazetteer = load()
    linker = Linker(gazetteer)
    yield Row("our linker: start", f"{perf_counter() - began:.2f} s")
    texts = [text.text for text in invented(POSTS)]
    real = [normalise(post.text).text for post in read_ordinary([REAL])] if REAL.exists() else []
    clean = [normalise(text).text for text in texts]
    ours = _rate(lambda: sum(len(linker.link(text).found) for text in clean), len(clean))
    yield Row(
        "our linker: memory of the whole process",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB",
    )
    yield Row("our linker: context, misspellings, disguises, reasons", f"{ours:.0f} posts/s")
    if real:
        rate = _rate(lambda: sum(len(linker.link(text).found) for text in real), len(real))
        length = sum(map(len, real)) / len(real)
        yield Row(f"our linker: {len(real)} real ordinary posts of {length:.0f} characters", f"{rate:.0f} posts/s")
    names = sorted(gazetteer.aliases)
    began = perf_counter()
    phrases = _phrases(names)
    yield Row("spaCy PhraseMatcher and EntityRuler: start", f"{perf_counter() - began:.2f} s")
    theirs = _rate(lambda: sum(len(doc.ents) for doc in phrases.pipe(clean)), len(clean))
    yield Row(
        "spaCy PhraseMatcher and EntityRuler: exact names only",
        f"{theirs:.0f} posts/s, {ours / theirs:.1f} times slower",
    )
    fuzzy = _rate(lambda: _fuzzy(clean[:FEW], gazetteer), FEW)
    yield Row("fuzzy search over all names (rapidfuzz)", f"{fuzzy:.1f} posts/s, {ours / fuzzy:.0f} times slower")


def _phrases(names: Sequence[str]) -> Language:
    """A blank pipeline with all names in an entity ruler, and a phrase matcher whose hits it holds to."""
    pipeline = spacy.blank("nl")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "PLACE", "pattern": name} for name in names])  # type: ignore[attr-defined]
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("PLACE", list(pipeline.tokenizer.pipe(names)))

    Language.component("phrase_matches", func=partial(_matched, matcher))
    pipeline.add_pipe("phrase_matches")
    return pipeline


def _matched(matcher: PhraseMatcher, doc: Doc) -> Doc:
    doc.user_data["matches"] = matcher(doc)
    return doc


def _fuzzy(texts: Sequence[str], gazetteer: Gazetteer) -> int:
    names = [fold(name) for name in gazetteer.aliases]
    return sum(
        len(process.extract(text, names, scorer=fuzz.partial_ratio, processor=utils.default_process, score_cutoff=90))
        for text in texts
    )


def _rate(work: Callable[[], int], count: int) -> float:
    began = process_time()
    work()
    return count / (process_time() - began)
