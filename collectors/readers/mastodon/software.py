"""Which software says the same of everyone, so that its words on consent, visibility and language are no one's choice.

It looks at what the server says of itself, never at a post or an account.
"""

from collectors.readers.reader import Answer

_SAYS_THE_SAME = ("snac/",)
"""snac (2.75, its `mastoapi.c`) writes for every account that it is `indexable`, `discoverable` and not `locked`, for
unlisted posts that they are `public`, and for every post that it is in English."""


def says_the_same_of_everyone(answer: Answer) -> bool:
    """Whether the software that gave this answer writes the same wishes for all its accounts."""
    return answer.headers.get("x-creator", "").strip().casefold().startswith(_SAYS_THE_SAME)
