"""Letters set apart by blanks, dots and the like are drawn together: 'm e s', 'w.a.p.e.n', 'ste.ken'.

Abbreviations, initials, lists of letters and names such as B&B or 's-Gravenhage stay as they are.
"""

import re

from nlp.normalising.aligned import Disguise, Normalised, rewrite
from nlp.normalising.characters import LETTER
from nlp.normalising.glued import cut
from nlp.normalising.known import HIDDEN, KNOWN

_SPACED = re.compile(
    rf"(?<![\w'’&])[{LETTER}]"
    rf"(?:(?: [{LETTER}]){{2,}}|(?:[.\-_*·•/|~][{LETTER}]){{2,}}|(?:, ?[{LETTER}]){{3,}})"
    r"(?![\w'’&])"
)
_INSIDE = re.compile(rf"(?<![\w.\-/@])[{LETTER}]{{1,9}}[._*·•|~\-][{LETTER}]{{1,9}}(?![\w\-@])")
_JOINT = re.compile(rf"[._*·•|~\-](?=[{LETTER}])(?<=[{LETTER}].)")
_APART = re.compile(rf"[ .,\-_*·•/|~](?<=[{LETTER}].) ?[{LETTER}](?![\w'’])")
_NO_LETTER = re.compile(rf"[^{LETTER}]")
_SHORT_FORMS = """
bv nv oa ipv mbt tav aub nav olv dwz rip zsm ps maw tzt nvt tnv dmv ivm muv ed va wo svp rsvp aka eg ie usa uk
zgan ob og bg bgg tgv pp fc mi iom iig ibz tlv enz bijv vvb wvttk blz ca
"""
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_SHORTEST_UNKNOWN = 5
"""So many letters apart are a disguise also where their word is not known; fewer may be initials or a list."""
_SHORTEST_CUT = 8
"""So many may be several words."""


def undo_spacing(made: Normalised) -> Normalised:
    """Draw letters together that were set apart."""
    if _APART.search(made.text):
        made = rewrite(made, _SPACED, _joined, Disguise.SPACED)
    return rewrite(made, _INSIDE, _joined_inside, Disguise.SPACED) if _JOINT.search(made.text) else made


def _joined(found: re.Match[str]) -> str | None:
    letters = _NO_LETTER.sub("", found.group())
    small = letters.lower()
    if small in HIDDEN:
        return letters
    initials = "." in found.group() and letters.isupper()
    if initials or small in _ABBREVIATIONS:
        return None
    if small in KNOWN and len(small) >= 3:
        return letters
    if len(small) < _SHORTEST_UNKNOWN:
        return None
    return (cut(letters) if len(letters) >= _SHORTEST_CUT else None) or letters


def _joined_inside(found: re.Match[str]) -> str | None:
    letters = _NO_LETTER.sub("", found.group())
    if letters.lower() not in HIDDEN:
        return None
    parts = re.split(rf"[^{LETTER}]", found.group().lower())
    return None if all(part in KNOWN and len(part) > 2 for part in parts) else letters
