"""The same labelled posts without their mentions and links, to see what detection leans on beside the words.

Handles and links are free cues otherwise: in invented posts they stand more often in signals than in real streams.
"""

import re

from nlp.labelled import FactsRow, LabelledPost
from signals.masking import mask
from signals.masking.token import Token

_TOKEN = re.compile("|".join(re.escape(token.value) for token in (Token.HANDLE, Token.LINK)))
_SPACE = re.compile(r"[ \t]{2,}")


def without_masks(text: str) -> str:
    """The text without handles, links and the tokens that stand for them; all else as it was."""
    masked = mask(text)
    kept: list[str] = []
    at = 0
    for token in _TOKEN.finditer(masked.text):
        start, end = masked.to_original(*token.span())
        kept.append(text[at:start])
        at = max(at, end)
    if not at:
        return text
    return _SPACE.sub(" ", "".join([*kept, text[at:]])).strip()


def post_without_masks(post: LabelledPost) -> LabelledPost:
    """A labelled post with the text without masks, and its places as they stand in it."""
    text = without_masks(post.text)
    places = [place.model_copy(update={"text": without_masks(place.text)}) for place in post.places]
    there = tuple(place for place in places if place.text and place.text in text)
    return post.model_copy(update={"text": text, "places": there})


def facts_without_masks(row: FactsRow) -> FactsRow:
    """A facts row of such a post: a fact that was a mask only is gone."""
    facts = {
        name: tuple(kept for said in all_said if (kept := without_masks(said))) for name, all_said in row.facts.items()
    }
    return row.model_copy(update={"facts": facts})
