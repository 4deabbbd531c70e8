"""The whole corpus as the server writes it: posts, readers' words and place names stay words on every page.

Each page is taken apart and laid beside the same page with an ordinary text: no element, attribute or word is new.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import pytest
from httpx import Response

from review_ui.security_headers import HEADERS
from review_ui.signal.marks import readable
from signals.masking import mask
from tests.review_ui.hostile.corpus import corpus, packs, sample
from tests.review_ui.hostile.explaining import as_explained
from tests.review_ui.hostile.seeds import SEEDS
from tests.review_ui.hostile.seen import Seen, faults, read, visible
from tests.review_ui.hostile.stage import Shown, Stage
from tests.soak import Soak

PACK = 64
ORDINARY = tuple(f"een gewoon bericht {number}" for number in range(PACK))


def test_the_corpus_holds_two_thousand_texts_of_every_kind_always_the_same() -> None:
    kinds = Counter(made.kind for made in corpus())
    assert len(corpus()) >= 2000
    assert set(kinds) == set(SEEDS)
    assert all(kinds[kind] >= len(seeds) - 1 for kind, seeds in SEEDS.items())
    assert max(len(made.text) for made in corpus()) == 20_000
    assert max(made.text.count("\n") for made in corpus()) >= 5000
    written = "\0".join(made.text for made in corpus())
    corpus.cache_clear()
    assert sha256(written.encode()).digest() == sha256("\0".join(made.text for made in corpus()).encode()).digest()


def ordinary_pages(stage: Stage) -> dict[str, Seen]:
    """Every page with an ordinary text on it."""
    stage.show(ORDINARY)
    for who, path in stage.pages().values():
        opened(stage, who, path)  # what is new for somebody is new once
    return {name: as_explained(read(opened(stage, who, path).text)) for name, (who, path) in stage.pages().items()}


def masked_again(shown: Shown) -> tuple[str, ...]:
    """What the preview shows: whatever goes to a recipient is masked once more."""
    words = mask(shown.words).text
    return (words, f"{words}\n{words}", mask(shown.post).text)


def told(wrong: dict[str, list[str]]) -> str:
    """Every fault on a line, the first hundred."""
    return "\n".join([f"{where}: {fault}" for where, faults_there in wrong.items() for fault in faults_there][:100])


def opened(stage: Stage, who: str, path: str) -> Response:
    """A page, with headers that let nothing of a text run."""
    answer = stage.browser(who).get(path)
    assert answer.status_code == 200, path
    strict(answer)
    return answer


def strict(answer: Response) -> None:
    """The policy allows our own files only, no inline script or style, and the kind of content is not guessed."""
    policy = answer.headers["content-security-policy"]
    assert policy == HEADERS["Content-Security-Policy"]
    for word in ("unsafe", "nonce", "http:", "https:", "data:", "blob:", "*"):
        assert word not in policy
    assert "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_text_stays_words_on_every_page(stage: Stage, soak: Soak) -> None:
    ordinary = ordinary_pages(stage)
    wrong: dict[str, list[str]] = {}
    whole = 0
    for number, pack in enumerate(packs(corpus(), 1 if soak.full else PACK)):
        shown = stage.show([made.text for made in pack])
        whole += len(pack)
        for turn, (name, (who, path)) in enumerate(stage.pages().items()):
            if name != "first reading" and not soak.full and (number + turn) % 20:
                continue  # every text on the page where it is read; on each other page one pack in twenty, in turn
            seen = read(opened(stage, who, path).text)
            also = masked_again(shown) if name == "preview" else ()
            found = faults(seen, ordinary[name], (*shown.all, *also), stage.promised(name, shown))
            wrong |= {f"{name}, {pack[0].kind}, pack {number}": found[:5]} if found else {}
    soak.record("hostile texts on all pages as HTML, one by one", f"{whole} texts, {len(wrong)} with a fault")
    assert whole == len(corpus())
    assert wrong == {}, told(wrong)


def test_what_was_sealed_or_set_aside_is_shown_as_words_too(stage: Stage, soak: Soak) -> None:
    """A name that an expert opens, and a record that a tuner opens."""
    wrong: dict[str, list[str]] = {}

    def opened_pages(text: str) -> Iterator[tuple[str, str]]:
        stage.seal(text)
        names = stage.browser("anna").post(f"/signaal/{stage.first}/openen", wat="names", reden="voor de plaats")
        aside = stage.browser("toon").post(f"/terzijde/{stage.letter}/openen", reden="kijken wat eraan scheelt")
        for name, answer in (("names", names), ("set aside", aside)):
            assert answer.status_code == 200, name
            strict(answer)
            yield name, answer.text

    stage.show(ORDINARY)
    ordinary = {name: read(page) for name, page in opened_pages("een gewone naam")}
    texts = corpus() if soak.full else sample(1)
    for made in texts:
        for name, page in opened_pages(made.text):
            seen = read(page)
            seen.elements = {one for one in seen.elements if str(stage.letter) not in one}
            found = faults(seen, ordinary[name], [made.text], [made.text])
            found = [fault for fault in found if not fault.startswith("words outside")]  # size and hash differ
            wrong |= {f"{name}, {made.kind}: {made.text[:40]!a}": found[:5]} if found else {}
    assert wrong == {}, told(wrong)


def test_a_form_that_comes_back_holds_what_was_typed_and_nothing_else(stage: Stage, soak: Soak) -> None:
    anna = stage.browser("anna")
    wrong: dict[str, list[str]] = {}

    def returned(text: str) -> Seen:
        answer = anna.post("/melden/waarneming", wat=text, waar="", wanneer="nu", hoeveel="")
        assert answer.status_code == 422
        strict(answer)
        return read(answer.text)

    ordinary = returned("een gewone waarneming")
    for made in corpus() if soak.full else sample(3):
        typed = made.text.replace("\x00", "")[:4000]
        found = faults(returned(typed), ordinary, [typed], ())
        found = [fault for fault in found if "hiding" not in fault and "accents" not in fault]  # as it was typed
        wrong |= {f"{made.kind}: {typed[:40]!a}": found[:5]} if found else {}
    assert wrong == {}, told(wrong)


@pytest.mark.parametrize("field", ["waar", "wanneer", "hoeveel"])
def test_a_field_that_comes_back_cannot_leave_its_attribute(stage: Stage, field: str) -> None:
    anna = stage.browser("anna")
    typed = {"wat": "", "waar": "hier", "wanneer": "nu", "hoeveel": ""}
    plain = read(anna.post("/melden/waarneming", **{**typed, field: "gewoon"}).text)
    for made in sample(2):
        value = made.text.replace("\r\n", "\n")[:60]
        seen = read(anna.post("/melden/waarneming", **{**typed, field: value}).text)
        new = seen.elements - plain.elements
        assert len(new) <= 1, (made.kind, sorted(new))
        assert all(one.startswith("<input ") and f"name='{field}'" in one for one in new), (made.kind, sorted(new))
        assert seen.own_words <= plain.own_words, made.kind


def test_the_api_gives_a_text_as_it_is_as_json_and_nothing_else(stage: Stage) -> None:
    anna = stage.browser("anna")
    for pack in packs(sample(6), 4):
        shown = stage.show([made.text for made in pack])
        answer = opened(stage, "anna", f"/api/v1/signals/{stage.shared}")
        assert answer.headers["content-type"] == "application/json"
        told = answer.json()
        assert told["text"] == shown.post
        assert {place["name"] for place in told["places"]} >= set(shown.places)
        assert {reading["duiding"] for reading in told["readings"]} == {shown.words}
        queue = anna.get("/api/v1/queue")
        strict(queue)
        named = {place["name"] for item in queue.json()["items"] for place in item["places"]}
        assert named >= set(shown.places)


def test_nothing_of_a_text_is_lost_when_it_is_made_readable() -> None:
    for made in corpus():
        assert visible(readable(made.text)) == visible(made.text), made.text[:80]
