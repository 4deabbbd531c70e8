"""Whether the author of a Mastodon post lets it be collected, by what the account says of itself. Silence is no yes.

It reads an account only to answer this, and gives a code, never a field of it.
"""

import re
from typing import Literal

from collectors.readers.lenient_json import encodable, fields, items
from collectors.readers.mastodon.words import plain
from collectors.refused import Refused

Way = Literal["discovered", "approved"]
"""How the post was found: in a timeline of anyone's posts, or as a seed that people approved."""

_WORDS_NO = re.compile(r"#(?:nobots?|noindex|noarchive|nosearch)(?!\w)", re.IGNORECASE)
_SAYS_NO = ("noindex", "suspended", "limited")


def objection(account: object, way: Way, *, agreed: bool = False, same_for_all: bool = False) -> str:
    """The code of what stands in the way; empty when nothing does.

    `agreed`: the server's administrator or the author agreed, which counts where software knows no `indexable`.
    `same_for_all`: the software says the same of everyone; a yes of it is as good as silence.
    """
    if not isinstance(account, dict):
        return "account_unread"
    if account.get("locked") is not False:
        return "locked" if account.get("locked") is True else "consent_untold"
    for name in _SAYS_NO:
        if account.get(name) not in (None, False):
            return name
    indexable = None if same_for_all and account.get("indexable") is True else account.get("indexable")
    if indexable is not True and not (agreed and indexable is None):
        return "not_indexable" if indexable is False else "consent_untold"
    if way == "discovered" and account.get("discoverable") is not True:
        return "not_discoverable"
    return _in_words(account)


def _in_words(account: dict[str, object]) -> str:
    """What people write in their profile where software has no setting for it."""
    rows = [fields(row) for row in items(account.get("fields"))]
    written = [
        account.get("note"),
        account.get("display_name"),
        *(row.get(k) for row in rows for k in ("name", "value")),
    ]
    for text in written:
        if not isinstance(text, str) or "no" not in text.casefold():
            continue
        try:
            said = plain(text) if encodable(text) else text
        except Refused:
            return "profile_unread"
        if _WORDS_NO.search(said):
            return "profile_says_no"
    return ""
