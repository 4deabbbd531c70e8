"""Evasive rewrites of a post, as people write who hide from a machine and want to be read by people.

Its tables were made for this test alone, from what Unicode and phone keyboards offer; it reads nothing of the product,
least of all what undoes a disguise. Mentions, links, hashtags and numbers stay: times and places must still be read.
"""

import hashlib
import random
import re
import unicodedata
from collections.abc import Callable

MANY = 10
"""Rewrites of one post."""
SHARE_HIDDEN = 1 / 3
MOST_HIDDEN = 5
"""Of the words of a post, as many are hidden in a way that costs its reader an effort."""

_WORD = re.compile(r"(?<![\w@#\[/.])[^\W\d_]{3,}(?![\w\]@/])")
_RUN = re.compile(r"(?<![\w@#\[/.])[^\W\d_]{2,}(?: [^\W\d_]{2,}){1,3}(?![\w\]@/])")
_VOWELS = "aeiouAEIOU"

_FIGURES = {
    "a": "4@^",
    "b": "86",
    "c": "(<",
    "e": "3€",
    "g": "96",
    "h": "#",
    "i": "1!|",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
_LOOKALIKES = {
    "a": "аɑα",
    "b": "Ьƅ",
    "c": "сϲ",
    "d": "ԁɗ",
    "e": "еҽɛ",
    "g": "ɡց",
    "h": "һհ",
    "i": "іıɩ",
    "j": "јʝ",
    "k": "кκ",
    "l": "ⅼӏ",
    "m": "мⅿ",
    "n": "ոη",
    "o": "оοօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "гᴦ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υս",
    "v": "ѵν",
    "w": "ԝω",
    "x": "хχ",
    "y": "уγ",
    "z": "ᴢʐ",
}
_ALPHABETS = (
    "MATHEMATICAL BOLD SMALL",
    "MATHEMATICAL SANS-SERIF SMALL",
    "MATHEMATICAL MONOSPACE SMALL",
    "FULLWIDTH LATIN SMALL LETTER",
)
_INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\u180e\ufeff"
_BETWEEN = (" ", ".", "-", "_", " . ", "·", "/")
_STROKES = "\u0300\u0301\u0308\u0323\u0332\u0336\u0338"
_NOUNS = """
🔪 mes knife, 🔪🔪 messen knives, 🗡️ machete, 🔫 pistool gun, 💣 bom bomb, 🐍 cobra, 🩸 bloed blood, 💰 geld money,
💶 euro, 💵 cash, 🏫 school, 🏠 huis house thuis, 🚗 auto car, 🛵 scooter, 🚲 fiets, 🚆 trein train, 🚉 station, 🚌 bus,
🚇 metro, 📱 telefoon phone, 📷 foto, 📸 fotos pics, 🎥 video, 🎬 film, 🍁 wiet weed, 💊 pillen pills, ❄️ coke,
🔥 vuur fire, 🎆 vuurwerk, 👮 politie police, 👀 ogen eyes, 💀 dood dead, 👄 mond, 👊 vuist, 🔑 sleutel,
📦 pakket pakketje package, 🌙 nacht night, 🏦 bank, 💳 pas pasje bankpas pinpas, ⏰ klok, ⛵ boot, 🐶 hond, 🪜 trap,
🚪 deur door, 🎒 tas rugzak, 🔨 hamer, ❤️ hart heart, ⚽ bal, 📚 boek, 🍔 eten, 🎵 muziek
"""
_PICTURES = {word: line.split()[0] for line in _NOUNS.split(",") for word in line.split()[1:]}

Way = Callable[[str, random.Random], str]


def rewrites(text: str) -> list[tuple[str, str]]:
    """Ten rewrites of a post, each with the name of its way; the same ten every time. A post without words has none."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    names = list(WAYS)
    random.Random(seed).shuffle(names)
    made: dict[str, str] = {}
    for turn in range(3 * len(names)):
        name = names[turn % len(names)]
        rewritten = WAYS[name](text, random.Random(seed + turn))
        if rewritten != text:
            made.setdefault(rewritten, name)
        if len(made) == MANY:
            break
    return [(name, rewritten) for rewritten, name in made.items()]


def figures(text: str, chance: random.Random) -> str:
    """Figures and signs for letters: h1dd3n."""
    return _hidden(text, chance, lambda word: "".join(_from(_FIGURES, letter, chance, 0.8) for letter in word))


def lookalikes(text: str, chance: random.Random) -> str:
    """Letters of other alphabets that look the same, in every word."""
    return _everywhere(text, lambda word: "".join(_from(_LOOKALIKES, letter, chance, 0.5) for letter in word))


def fancy(text: str, chance: random.Random) -> str:
    """The styled alphabets that profile names are written in, in every word."""
    alphabet = chance.choice(_ALPHABETS)
    return _everywhere(text, lambda word: "".join(_styled(alphabet, letter) for letter in word))


def invisible(text: str, chance: random.Random) -> str:
    """Characters without width between the letters of every word."""
    return _everywhere(text, lambda word: "".join(letter + chance.choice(("", *_INVISIBLE)) for letter in word))


def apart(text: str, chance: random.Random) -> str:
    """Spaces, dots or dashes between the letters."""
    between = chance.choice(_BETWEEN)
    return _hidden(text, chance, lambda word: between.join(word))


def stretched(text: str, chance: random.Random) -> str:
    """One letter held on to, or every letter twice or more."""

    def stretch(word: str) -> str:
        if chance.random() < 0.25:
            return "".join(letter * chance.randint(2, 3) for letter in word)
        at = chance.randrange(len(word))
        return word[:at] + word[at] * chance.randint(3, 8) + word[at + 1 :]

    return _hidden(text, chance, stretch)


def starred(text: str, chance: random.Random) -> str:
    """Asterisks or other marks where a letter or two were, never the first."""
    mark = chance.choice("**#-x")

    def star(word: str) -> str:
        out = {chance.randrange(1, len(word)) for _ in range(1 if len(word) < 6 else 2)}
        return "".join(mark if at in out else letter for at, letter in enumerate(word))

    return _hidden(text, chance, star)


def backwards(text: str, chance: random.Random) -> str:
    """Words written from back to front."""
    return _hidden(text, chance, lambda word: word[::-1])


def swapped(text: str, chance: random.Random) -> str:
    """Two neighbouring letters inside a word change places; a reader hardly sees it."""

    def swap(word: str) -> str:
        places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
        inner = [at for at in places if 0 < at < len(word) - 2] or places
        if not inner:
            return word
        at = chance.choice(inner)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _hidden(text, chance, swap)


def pictures(text: str, _chance: random.Random) -> str:
    """Emoji for nouns, wherever there is one."""
    return _everywhere(text, lambda word: _PICTURES.get(word.lower(), word))


def glued(text: str, chance: random.Random) -> str:
    """Two to four words written as one hashtag, with or without capitals that show where one begins."""
    capitals = chance.random() < 0.5

    def glue(found: re.Match[str]) -> str:
        words = found.group().split(" ")
        return "#" + "".join(word[0].upper() + word[1:] if capitals else word.lower() for word in words)

    runs = [found.start() for found in _RUN.finditer(text)]
    chosen = set(chance.sample(runs, min(2, len(runs))))
    return _RUN.sub(lambda found: glue(found) if found.start() in chosen else found.group(), text)


def mixed_case(text: str, chance: random.Random) -> str:
    """Capitals at random, in every word."""
    return _everywhere(
        text, lambda word: "".join(letter.upper() if chance.random() < 0.5 else letter.lower() for letter in word)
    )


def without_vowels(text: str, chance: random.Random) -> str:
    """Vowels left out, but for one that a word begins with."""
    return _hidden(text, chance, lambda word: word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS))


def struck(text: str, chance: random.Random) -> str:
    """Strokes and accents through and on the letters of every word."""
    return _everywhere(
        text,
        lambda word: "".join(letter + (chance.choice(_STROKES) if chance.random() < 0.6 else "") for letter in word),
    )


WAYS: dict[str, Way] = {
    "figures": figures,
    "lookalikes": lookalikes,
    "fancy": fancy,
    "invisible": invisible,
    "apart": apart,
    "stretched": stretched,
    "starred": starred,
    "backwards": backwards,
    "swapped": swapped,
    "pictures": pictures,
    "glued": glued,
    "mixed case": mixed_case,
    "without vowels": without_vowels,
    "struck": struck,
}


def _everywhere(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: change(found.group()), text)


def _hidden(text: str, chance: random.Random, change: Callable[[str], str]) -> str:
    """Change some of the words: an evader hides a few, longer ones rather than short ones."""
    words = list(_WORD.finditer(text))
    count = min(MOST_HIDDEN, max(1, round(len(words) * SHARE_HIDDEN)))
    long = [found.start() for found in words if len(found.group()) > 3]
    short = [found.start() for found in words if len(found.group()) == 3]
    chosen = set([*chance.sample(long, len(long)), *chance.sample(short, len(short))][:count])
    return _WORD.sub(lambda found: change(found.group()) if found.start() in chosen else found.group(), text)


def _from(table: dict[str, str], letter: str, chance: random.Random, often: float) -> str:
    others = table.get(letter.lower(), "")
    return chance.choice(others) if others and chance.random() < often else letter


def _styled(alphabet: str, letter: str) -> str:
    """A letter in another alphabet of Unicode; one that it lacks stays, as on the sites that make such text."""
    size = alphabet if letter.islower() else alphabet.replace("SMALL", "CAPITAL")
    try:
        return unicodedata.lookup(f"{size} {letter.upper()}") if letter.isascii() else letter
    except KeyError:
        return letter
