"""Whether two posts say the same: who has read one has read the other. A lyric beside a new place and time never does.

Pure and the same both ways. In doubt it says no: two cards too many cost a minute, one card too few may hide a threat.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from pipeline.joining.additions import is_cut, is_ending, is_frame
from pipeline.joining.alignment import Alignment, Gap, align
from pipeline.joining.gaps import nothing_new
from pipeline.joining.placed import Placed, placed
from pipeline.joining.spelling import TELLING_TIME, alike
from pipeline.joining.wording import Wording, wording
from signals.analysis import TimeWindow
from signals.label import Category
from signals.place import Mention, PlaceKind

LEAST_WORDS = 3
LEAST_LETTERS = 11
"""What two posts must have in common at least; shorter ones are only the same to the letter."""
SLACK = timedelta(hours=2)

_WIDE = frozenset({PlaceKind.CITY, PlaceKind.AREA})


@dataclass(frozen=True, slots=True)
class Said:
    """A text with what the machine found in it."""

    text: str
    places: tuple[Mention, ...] = ()
    category: Category = Category.NONE
    window: TimeWindow | None = None


def says_the_same(one: Said, other: Said) -> bool:
    """Whether an expert who has read one has read the other."""
    if not _same_moment(one.window, other.window) or not _same_harm(one.category, other.category):
        return False
    one, other = sorted((one, other), key=lambda said: said.text)  # so that it is the same both ways
    words, other_words = wording(one.text), wording(other.text)
    if words.fingerprint == other_words.fingerprint:
        return True
    if not (words.whole and other_words.whole and words.words and other_words.words):
        return False
    # What is cheap to see goes before what is dear.
    if _other_emoji(words, other_words) or _new_in_hashtags(one, words, other, other_words):
        return False
    found = align(_likeness(words, other_words))
    return _enough(words, found) and _tell_as_much(
        placed(one.text, one.places), placed(other.text, other.places), found
    )


def _tell_as_much(one: Placed, other: Placed, found: Alignment) -> bool:
    return (
        all(nothing_new(one, other, gap) for gap in found.gaps)
        and not _other_places(one, other, found)
        and _same_before(one, other, found)
        and _same_after(one, other, found)
    )


def _same_moment(one: TimeWindow | None, other: TimeWindow | None) -> bool:
    """'Morgen' of today is another day than 'morgen' of yesterday."""
    if one is None or other is None or (one.start.tzinfo is None) != (other.start.tzinfo is None):
        return True
    return one.start <= other.end + SLACK and other.start <= one.end + SLACK


def _same_harm(one: Category, other: Category) -> bool:
    return one is other or Category.NONE in (one, other)


def _likeness(words: Wording, other_words: Wording) -> list[bytearray]:
    """For each word of the one, which words of the other it is: a row of ones and zeros."""
    others = [(other.said, other.bare) for other in other_words.words]
    found = [bytearray(_same_word(word.said, word.bare, *other) for other in others) for word in words.words]
    last, other_last = len(found) - 1, len(others) - 1
    for other_at, other in enumerate(other_words.words):
        found[last][other_at] |= _cut_inside(words, last, other.said)
    for at, word in enumerate(words.words):
        found[at][other_last] |= _cut_inside(other_words, other_last, word.said)
    return found


@lru_cache(maxsize=16384)
def _same_word(said: str, bare: str, other: str, other_bare: str) -> bool:
    return alike(said, other) or (bare.isalpha() and other_bare.isalpha() and alike(bare, other_bare))


def _cut_inside(words: Wording, at: int, whole: str) -> bool:
    """Whether the word is the last of its text and the beginning of the word it stands against."""
    said = words.words[at].said
    return (
        at == len(words.words) - 1 and at >= LEAST_WORDS and said.isalpha() and whole != said and whole.startswith(said)
    )


def _enough(words: Wording, found: Alignment) -> bool:
    letters = sum(len(words.words[at].said) for at, _ in found.pairs)
    return len(found.pairs) >= LEAST_WORDS and letters >= LEAST_LETTERS


def _other_emoji(words: Wording, other_words: Wording) -> bool:
    """One shows a knife where the other shows a gun. One more of them changes as little as any other emoji."""
    return bool(words.emoji and other_words.emoji and words.emoji != other_words.emoji)


def _other_places(one: Placed, other: Placed, found: Alignment) -> bool:
    return any(
        one.places[at] != other.places[other_at]
        and one.places[at] is not None
        and other.places[other_at] is not None
        and one.words[at].said != other.words[other_at].said
        for at, other_at in found.pairs
    )


def _new_in_hashtags(one: Said, words: Wording, other: Said, other_words: Wording) -> bool:
    """Hashtags name the scene and the town; one that names a day, a school or a station that the other lacks is new."""
    return (
        _tags_tell(words, other_words)
        or _tags_tell(other_words, words)
        or _tag_places(one, words, other)
        or (_tag_places(other, other_words, one))
    )


def _tags_tell(words: Wording, other: Wording) -> bool:
    known = {w.said for w in (*other.words, *other.hashtags)}
    return any(tag.said in TELLING_TIME and tag.said not in known for tag in words.hashtags)


def _tag_places(said: Said, words: Wording, other: Said) -> bool:
    known = {place.id for place in other.places}
    return any(
        place.kind not in _WIDE and place.id not in known
        for place in said.places
        for tag in words.hashtags
        if place.start < tag.end and tag.start < place.end
    )


def _same_before(one: Placed, other: Placed, found: Alignment) -> bool:
    start, other_start = found.pairs[0]
    if start and other_start and nothing_new(one, other, Gap(0, start, 0, other_start)):
        return True
    return is_frame(one, start) and is_frame(other, other_start)


def _same_after(one: Placed, other: Placed, found: Alignment) -> bool:
    last, other_last = found.pairs[-1]
    word, other_word = one.words[last], other.words[other_last]
    if _cut_inside(one.wording, last, other_word.said) and is_cut(one, last + 1, other, other_last, True):
        return is_ending(one, last + 1)
    if _cut_inside(other.wording, other_last, word.said) and is_cut(other, other_last + 1, one, last, True):
        return is_ending(other, other_last + 1)
    if not _same_word(word.said, word.bare, other_word.said, other_word.bare):
        return False
    end, other_end = last + 1, other_last + 1
    if nothing_new(one, other, Gap(end, len(one.words), other_end, len(other.words))):
        return True
    ended, other_ended = is_ending(one, end), is_ending(other, other_end)
    return (
        (ended and other_ended)
        or (ended and is_cut(one, end, other, other_end, False))
        or (other_ended and is_cut(other, other_end, one, end, False))
    )
