"""The keys of the expert's screens: what each does, which one it is by default, and the ones a user chose instead."""

from collections.abc import Mapping
from string import ascii_uppercase

from review_ui.labels import CONFIRM_KEYS, PARK_KEYS, REJECT_KEYS

ACTIONS: dict[str, tuple[str, str]] = {
    "next": ("J", "volgende signaal oppakken"),
    "previous": ("K", "vorige signaal oppakken"),
    "confirm": ("B", "bevestigen, daarna één toets voor de reden"),
    "reject": ("A", "afwijzen, daarna één toets voor de reden"),
    "park": ("P", "aanhouden, daarna één toets voor de reden"),
    "consult": ("O", "casusoverleg: het team vragen, of een bericht schrijven"),
    "adjust": ("E", "soort, niveau, plaats, tijd en duiding aanpassen"),
    "undo": ("Z", "uw laatste oordeel ongedaan maken, binnen een minuut"),
    "escalate": ("U", "opschalen, of afschalen"),
    "forward": ("D", "naar de knop Doorzetten"),
    "close": ("S", "afsluiten, daarna de uitkomst"),
    "resume": ("H", "een aangehouden signaal hervatten"),
    "part": ("L", "naar de knop Dit hoort er niet bij"),
    "news": ("N", "nieuwe signalen in de lijst zetten"),
    "search": ("/", "zoeken"),
    "help": ("?", "alle toetsen"),
}
"""By action: the key it has by default, and what it does."""

_OPENING = frozenset({"confirm", "reject", "park"})
_REASONS = frozenset({*CONFIRM_KEYS.values(), *REJECT_KEYS.values(), *PARK_KEYS.values()})
"""While a panel is open these stand for a reason, so none of them may open another panel."""

TAKEN_TWICE = "Twee handelingen hebben dezelfde toets. Er is niets veranderd."
NOT_A_KEY = "Kies voor elke handeling één letter, cijfer of teken. Er is niets veranderd."
IS_A_REASON = "Deze letters staan al voor een reden. Kies voor bevestigen, afwijzen en aanhouden een andere."
PROBLEMS = (TAKEN_TWICE, NOT_A_KEY, IS_A_REASON)


def keys_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """The key of every action for a user who chose some.

    An action that came later gets a free letter where its own was chosen for another one before.
    """
    keys = {action: chosen.get(action, default) for action, (default, _) in ACTIONS.items()}
    for action in ACTIONS:
        if action not in chosen and keys[action] in chosen.values():
            keys[action] = next(key for key in ascii_uppercase if key not in keys.values())
    return keys


def problem_with(keys: Mapping[str, str]) -> str | None:
    """Why these keys cannot be kept, as a sentence; None when they can."""
    if set(keys) != set(ACTIONS) or not all(
        len(key) == 1 and key.isprintable() and key != " " for key in keys.values()
    ):
        return NOT_A_KEY
    if len(set(keys.values())) < len(keys):
        return TAKEN_TWICE
    if any(keys[action] in _REASONS for action in _OPENING):
        return IS_A_REASON
    return None


def differing(keys: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the default, which is what is stored."""
    return {action: key for action, key in keys.items() if key != ACTIONS[action][0]}
