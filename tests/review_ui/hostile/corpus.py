"""The corpus: every seed as it is, and those that carry code or turn text around in contexts and encodings too.

Always the same texts in the same order. Nothing here is longer than a post may be.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from urllib.parse import quote

from signals.post import MAX_TEXT
from tests.review_ui.hostile.seeds import SEEDS

SEED = 20261123
ELSEWHERE = "qz-elsewhere.example"
SCRIPTS = (
    "qz()",
    "alert(1)",
    "document.title='qz'",
    f"fetch('//{ELSEWHERE}/')",
    "location='/uitloggen'",
    "eval(atob('cXooKQ=='))",
    "import('data:text/javascript,qz()')",
)
"""What a text tries to do when it runs; the browser under test knows `qz` and tells when it is called."""
ADDRESSES = (f"//{ELSEWHERE}/x", f"https://{ELSEWHERE}/?c=", f"http:/{ELSEWHERE}", f"\\\\{ELSEWHERE}\\x")


@dataclass(frozen=True)
class Hostile:
    """One text and the kind of harm it tries."""

    kind: str
    text: str


CONTEXTS: dict[str, tuple[str, str]] = {
    "in a sentence": ("ewa luister ", " kom je ook"),
    "in an attribute": ('x" y="', '" z="'),
    "in a single-quoted attribute": ("x' y='", "' z='"),
    "after a text field": ("</textarea></select></bdi></mark>", ""),
    "in a comment": ("--><!-- ", " -->"),
    "in a script": ("';\n</script>", "<script>//"),
    "in JSON": ('"},{"text":"', '"}]'),
    "in turned text": ("\u2067\u202e", "\u202c\u2069"),
    "in Arabic": ("السلام ", " عليكم"),
}

ENCODINGS: dict[str, Callable[[str], str]] = {
    "entities": html.escape,
    "entities twice": lambda text: html.escape(html.escape(text)),
    "numbers": lambda text: "".join(f"&#{ord(char)}" for char in text),
    "hexadecimal": lambda text: "".join(f"&#x{ord(char):04X};" for char in text),
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "backslashes": lambda text: "".join(f"\\x{ord(char):02x}" if ord(char) < 256 else char for char in text),
    "wide letters": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "capitals in turn": lambda text: "".join(c.upper() if at % 2 else c.lower() for at, c in enumerate(text)),
    "split by tabs": lambda text: text.replace("<", "<\t").replace("=", "\t=\n").replace(":", "\t:"),
    "split by nothing": lambda text: "\u200b".join(text[:400]),
    "turned by letter": lambda text: "\u202e" + text[:900][::-1] + "\u202c",
    "slashes": lambda text: text.replace(" ", "/").replace("<", "\\<"),
    "seven bits": lambda text: text.replace("<", "+ADw-").replace(">", "+AD4-").replace('"', "+ACI-"),
    "piled": lambda text: "".join(f"{char}\u0336\u0489" for char in text[:400]),
    "three times": lambda text: text[:6_000] * 3,
}

_ONLY_AS_IT_IS = frozenset({"huge"})
_EACH = 8
"""How many of the dressed forms of one seed are kept; which ones is drawn."""


@cache
def corpus() -> tuple[Hostile, ...]:
    """All of it, without repeats."""
    found = {made.text: made for made in _made() if made.text.strip()}
    return tuple(found.values())


def sample(each: int) -> tuple[Hostile, ...]:
    """At least `each` texts of every kind: its first seeds as they are, then others spread over the kind."""
    chosen: list[Hostile] = []
    for kind in SEEDS:
        of_kind = [made for made in corpus() if made.kind == kind]
        step = max(1, len(of_kind) // each)
        chosen += of_kind[::step][:each]
    return tuple(chosen)


def packs(texts: tuple[Hostile, ...], most: int) -> Iterator[tuple[Hostile, ...]]:
    """The texts in packs that fit together in one post, at most so many each."""
    pack: list[Hostile] = []
    room = MAX_TEXT
    for made in texts:
        if pack and (len(pack) == most or len(made.text) + 1 > room):
            yield tuple(pack)
            pack, room = [], MAX_TEXT
        pack.append(made)
        room -= len(made.text) + 1
    if pack:
        yield tuple(pack)


def _made() -> Iterator[Hostile]:
    random = Random(SEED)
    for kind, seeds in SEEDS.items():
        for seed in seeds:
            yield Hostile(kind, _filled(seed, random))
    for kind, seeds in SEEDS.items():
        if kind in _ONLY_AS_IT_IS:
            continue
        for seed in seeds:
            for dressed in random.sample(list(_dressed(seed, random)), _EACH):
                yield Hostile(kind, dressed[:MAX_TEXT])


def _dressed(seed: str, random: Random) -> Iterator[str]:
    """A seed in every context, in every encoding, and in a context after an encoding."""
    for before, after in CONTEXTS.values():
        yield before + _filled(seed, random) + after
    for encoded in ENCODINGS.values():
        yield encoded(_filled(seed, random))
        before, after = random.choice(list(CONTEXTS.values()))
        yield before + encoded(_filled(seed, random)) + after


def _filled(seed: str, random: Random) -> str:
    return seed.replace("§", random.choice(SCRIPTS)).replace("°", random.choice(ADDRESSES))
