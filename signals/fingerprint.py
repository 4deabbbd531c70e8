"""What makes two posts say the same: the masked text folded to its words. Case, spacing, marks and emoji do not count.

Exact after folding; near-copies are the triage room's work.
"""

import unicodedata


def fingerprint(text: str) -> str:
    """The text's words, NFKC and case-folded, one space between them; the text itself when none is left."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return " ".join(words) or text
