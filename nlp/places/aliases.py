"""Other names of a school, made by rule from its official and published names; every name says which rules made it.

Nicknames that no rule gives stand in a curated list. Which names are ordinary words, too, is judged at build time.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from nlp.places import school_words as words
from nlp.places.school_names import Phrase, Said, parts, trim

PRIMARY_WORDS = frozenset({
    "basisschool", "obs", "cbs", "rkbs", "kbs", "bs", "ibs", "montessorischool", "daltonschool",
})  # fmt: skip
"""Words that make a primary school's name a place; without one such a name is too ordinary."""

PRIMARY_RULE = "primary school, needs a word that says so"
"""The rule of names that count only beside one of PRIMARY_WORDS."""

_PRIMARY_KIND = re.compile(
    r"^(?:(?:r\.?k\.?|prot\.?|chr\.?|o\.?) )?(?:{}|basisschool)\.?\s+".format("|".join(sorted(PRIMARY_WORDS)))
)
_LONGEST_INITIALS = 4
_LONG = 5
"""Letters of a word that may lose its article: 'populier', not 'brug'."""


class Made(NamedTuple):
    """A name in lower case, its kind (`official`, `short`, `primary`), the rules that made it, whether it is weak.

    A weak name is a place only with support from its context: initials, the bare name of a building, a town dropped.
    """

    text: str
    kind: str
    rule: str = "as published"
    weak: bool = False


def school_aliases(
    name: str, short_name: str, common: list[str], *, primary: bool, town: str = "", website: str = ""
) -> list[Made]:
    """Aliases of one school location, the official name first; a name made in two ways keeps the stronger."""
    if primary:
        return [Made(_PRIMARY_KIND.sub("", name.lower()), "primary", PRIMARY_RULE, True)]
    found: dict[str, Made] = {}

    def add(text: str, kind: str, rule: str, weak: bool) -> None:
        text = _written(text)
        known = found.get(text)
        if len(text) >= 3 and (known is None or (known.weak and not weak)):
            found[text] = Made(text, kind, rule, weak)

    home = frozenset(re.findall(r"[^\W_]+(?:-[^\W_]+)*", town.lower()))
    for source, given in (("", name), ("name in the exam file", short_name), *(("everyday name", c) for c in common)):
        if given.strip():
            add(given, "short" if source else "official", source or "as published", False)
            _by_rule(given, source, home, add)
    if website:
        _of_website(website, (short_name, *common), home, tuple(found), add)
    return list(found.values())


Add = Callable[[str, str, str, bool], None]


def _by_rule(given: str, source: str, home: frozenset[str], add: Add) -> None:
    """Every name that the rules make of one published name, its buildings included."""
    prefix: Phrase = (source,) if source else ()
    read = parts(given)
    for number, phrases in enumerate(read):
        building = number > 0
        for phrase, rules in phrases:
            part = ("name of the building",) if building else ("name of the building dropped",) if len(read) > 1 else ()
            steps = (*prefix, *part, *rules) or ("without punctuation",)
            weak = building and not _says_kind(phrase) and _place_like(phrase, home)
            for text, more in _everyday(phrase, home):
                _emit(text, (*steps, *more), weak, home, add)
            if not building and "as abbreviated" not in rules:
                _initials(phrase, steps, add)
    if len(read) > 1:
        _joined(read[0][0][0], [part[0][0] for part in read[1:]], prefix, home, add)


def _joined(main: Phrase, buildings: list[Phrase], prefix: Phrase, home: frozenset[str], add: Add) -> None:
    """School and building in one breath: 'melanchthon kralingen', 'lentiz revius'."""
    shorts = [text for text, _ in _everyday(main, home) if _distinct(text, home)]
    for building in buildings:
        if not (_distinct(building, home) or (len(building) == 1 and building[0] in words.KINDS)):
            continue
        for short in shorts:
            if not set(building) <= set(short):
                add(" ".join((*short, *building)), "short", "; ".join((*prefix, "school and building")), False)


def _emit(text: Phrase, steps: Phrase, weak: bool, home: frozenset[str], add: Add) -> None:
    if not _distinct(text, home):
        if len(text) == 1 or not (set(text) & words.OWN_KINDS and set(text) & (words.DENOMINATIONS | words.PEDAGOGIES)):
            return
        weak = True  # 'stedelijk gymnasium', 'christelijk lyceum': many towns have one
    weak = weak or all(w in words.NUMBERS | words.GENERIC - words.KINDS for w in text)
    for spoken, more in _spoken(text):
        add(" ".join(spoken), "short", "; ".join((*steps, *more)), weak)


def _everyday(phrase: Phrase, home: frozenset[str]) -> Iterator[Said]:
    """The ways to say one name, from the whole of it to its core, each with its rules."""
    yield phrase, ()
    name: Phrase = phrase
    rules: Phrase = ()
    community = _without_front_denomination(phrase)
    if community != phrase:
        yield community, ("denomination dropped",)
    for rule, drop in (
        ("community of schools dropped", _without_community),
        ("denomination dropped", _without_denomination),
    ):
        shorter = drop(name)
        if shorter and shorter != name:
            name, rules = shorter, (*rules, rule)
            yield name, rules
    yield from _cores(name, rules, home)
    if home:
        kept = trim(tuple(w for w in name if w not in home))
        if kept and kept != name and len(kept) < len(name):
            yield kept, (*rules, "town dropped")
            yield from _cores(kept, (*rules, "town dropped"), home)


def _cores(name: Phrase, rules: Phrase, home: frozenset[str]) -> Iterator[Said]:
    """Without article, title, kind of teaching and kind of school, in turn and together."""
    bare = _without_article(name)
    article = name[: len(name) - len(bare)]
    split = _unglued(bare)
    plain = tuple(word for word in split if word not in words.PEDAGOGIES)
    untitled = _without_title(split)
    core = _without_kind(split)
    dropped = f"'{' '.join(dict.fromkeys(word for word in split if word not in core))}' dropped"
    half = trim(tuple(word for word in split if word not in words.OWN_KINDS))
    made = (
        (bare, "article dropped"),
        (split, "kind written apart"),
        (untitled, "title dropped"),
        (plain if set(plain) - words.GENERIC - home else (), "kind of teaching dropped"),
        ((*article, *core) if core else (), dropped),
        (core, dropped),
        (half, dropped) if set(split) & words.PEDAGOGIES else ((), ""),
        (
            _without_article(core) if len(core) == 2 and len(core[-1]) >= _LONG else (),
            f"{dropped[:-8]} and article dropped",
        ),
        (_without_title(core), f"{dropped[:-8]} and title dropped"),
    )
    seen = {name, ()}
    for text, rule in made:
        if text not in seen:
            seen.add(text)
            yield text, (*rules, rule)


def _spoken(text: Phrase) -> Iterator[Said]:
    """A name as written, and with one of its long words as people write it: gym, lyc, st, csg, vierde."""
    yield text, ()
    whole = " ".join(text)
    for long, shorts in words.SPOKEN.items():
        for short in shorts:
            said = re.sub(rf"(?<!\S){long}(?!\S)", short, whole)
            if said != whole:
                yield tuple(said.split()), (f"'{long}' written '{short}'",)
    for digit, word in words.ORDINALS.items():
        if digit in text or word in text:
            for form in {digit, word, digit.replace("e", "de")} - set(text):
                numbered = tuple(form if w in {digit, word} else w for w in text)
                yield numbered, (f"number written '{form}'",)
                if "gymnasium" in numbered:
                    yield (
                        tuple("gym" if w == "gymnasium" else w for w in numbered),
                        (f"number written '{form}'", "'gym'"),
                    )


def _initials(phrase: Phrase, steps: Phrase, add: Add) -> None:
    """HLZ, OSB, JVO: of three or four words that say what they are; weak, for many schools share them."""
    name = _unglued(_without_article(phrase))
    if not any(word in words.KINDS | words.COMMUNITIES for word in name):
        return
    for chosen in (name, tuple(w for w in name if w not in words.PARTICLES)):
        letters = "".join(word[0] for word in chosen if word[0].isalnum())
        taken = letters in words.SHORTENED or letters in words.GENERIC
        if 3 <= len(letters) <= _LONGEST_INITIALS and letters.isalpha() and not taken:
            add(letters, "short", "; ".join((*steps, "initials")), True)


def _of_website(website: str, published: Sequence[str], home: frozenset[str], known: Collection[str], add: Add) -> None:
    """The name in a school's web address, when no rule has made it yet: 'jvo.nl', 'marcanti.espritscholen.nl'.

    Weak, for it may be the board's or a neighbour's, unless it says what it is and no other name of the school does.
    """
    host = re.sub(r"^(?:https?://)?(?:www?\.)?", "", website.strip().lower()).split("/")[0]
    label = host.split(".")[0] if "." in host else ""
    name = _unglued(tuple(word for word in label.split("-") if word and word not in home))
    squeezed = {re.sub(r"[\W_]", "", alias) for alias in known}
    if len("".join(name)) < 3 or "".join(name) in squeezed or not _distinct(name, home):
        return
    named = any(word in words.OWN_KINDS for given in published for word in _unglued(tuple(given.lower().split())))
    for text, rules in _everyday(name, home):
        weak = named or not any(word in words.OWN_KINDS for word in text)
        _emit(text, ("name in the web address", *rules), weak, home, add)


def _written(text: str) -> str:
    return re.sub(r'[\s()"“”]+', " ", text).strip(" ,.-–").lower()


def _without_community(name: Phrase) -> Phrase:
    """Without 'Openbare Scholengemeenschap' in front, 'Christelijke Scholengemeenschap' behind, or a board in front."""
    at = next((i for i, word in enumerate(name) if word in words.COMMUNITIES), None)
    if at is None:
        return name
    after = trim(name[at + 1 :])
    board = all(word in words.DENOMINATIONS | {"stichting"} for word in name[:at])
    own = any(word not in words.GENERIC for word in after) and name[at + 1] not in {"van", "in", "voor"}
    if board or own:
        return after
    end = at
    while end > 0 and name[end - 1] in words.DENOMINATIONS:
        end -= 1
    return trim(name[:end])


def _without_denomination(name: Phrase) -> Phrase:
    first = next((i for i, word in enumerate(name) if word not in words.DENOMINATIONS | {"stichting"}), len(name))
    last = len(name)
    while last > first and name[last - 1] in words.DENOMINATIONS:
        last -= 1
    return name[first:last]


def _without_front_denomination(name: Phrase) -> Phrase:
    """'Scholengemeenschap Vincent van Gogh' without 'Christelijke' in front."""
    at = next((i for i, word in enumerate(name) if word in words.COMMUNITIES), 0)
    return name[at:] if at and all(word in words.DENOMINATIONS for word in name[:at]) else name


def _without_title(name: Phrase) -> Phrase:
    return tuple(word for word in name if word not in words.TITLES | {"sint", "st"})


def _without_article(name: Phrase) -> Phrase:
    return name[1:] if len(name) > 1 and name[0] in words.ARTICLES else name


def _without_kind(name: Phrase) -> Phrase:
    """Without the words at either end that only say what kind of school it is."""
    kinds = words.KINDS | words.COMMUNITIES | words.PEDAGOGIES | words.LEVELS
    first, last = 0, len(name)
    while first < last and name[first] in kinds:
        first += 1
    while last > first and name[last - 1] in kinds:
        last -= 1
    return trim(name[first:last])


def _unglued(name: Phrase) -> Phrase:
    """Metislyceum -> metis lyceum."""
    return tuple(
        part
        for word in name
        for part in (words.GLUED_KIND.sub(r" \1", word).split() if word not in words.GENERIC else [word])
    )


def _distinct(text: Phrase, home: frozenset[str]) -> bool:
    """Whether a name holds more than kinds of school and the town; 'stedelijk gymnasium' of a town counts, too."""
    own = [w for w in text if w not in words.GENERIC and w not in home]
    if any(len(w) >= 3 or any(c.isdigit() for c in w) or (w.isalpha() and len(text) > 1) for w in own):
        return True
    said = [w for w in text if w not in words.ARTICLES]
    return len(said) >= 2 and any(w in words.KINDS for w in said) and any(w in home for w in said)


def _says_kind(text: Phrase) -> bool:
    return any(w in words.KINDS or words.GLUED_KIND.search(w) for w in text)


def _place_like(text: Phrase, home: frozenset[str]) -> bool:
    """A building called after its street or its part of town."""
    return len(text) == 1 or bool(words.STREET.search(text[-1])) or all(w in home or w in words.GENERIC for w in text)
