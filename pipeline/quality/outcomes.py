"""What became of a signal, as a label: whether its post was actionable, by a table of what each answer says of that.

One post is judged by what it says (`docs/reference/labels.md`), not by what happened afterwards: that nobody was found
somewhere does not say that nothing was announced. Pure; it holds no text, no person and no place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from signals.referral import Feedback
from signals.signal import Outcome, RejectReason, SignalState


class Says(StrEnum):
    """What an answer says about the post."""

    ACTIONABLE = "actionable"
    HARMLESS = "harmless"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Rule:
    """One row of the table: what the answer says, and why."""

    says: Says
    why: str


_YES, _NO, _OPEN = Says.ACTIONABLE, Says.HARMLESS, Says.NOTHING

REJECTED: Mapping[RejectReason, Rule] = {
    RejectReason.ART: Rule(_NO, "the guide: lyric or art is not actionable"),
    RejectReason.FIGURATIVE: Rule(_NO, "the guide: figurative speech is not actionable"),
    RejectReason.NEWS: Rule(_NO, "the guide: news and reports are not actionable"),
    RejectReason.PREVENTION: Rule(_NO, "the guide: prevention, grief and worry are not actionable"),
    RejectReason.GAMING: Rule(_NO, "the guide: gaming is not actionable"),
    RejectReason.SPORT: Rule(_NO, "the guide: sport is not actionable"),
    RejectReason.NOT_CONCRETE: Rule(_NO, "a reader found no concrete harm in what it says"),
    RejectReason.OLD: Rule(_OPEN, "that it is old may be known from elsewhere; the text can still announce something"),
    RejectReason.PLACE_WRONG: Rule(_OPEN, "it speaks about the place, not about the harm"),
    RejectReason.DUPLICATE: Rule(_OPEN, "the other one carries the label"),
    RejectReason.OTHER: Rule(_OPEN, "it names no reason that the guide knows"),
}
"""What the reason of a standing rejection says. A confirmation by two readers says actionable, whatever its reason."""

ANSWERED: Mapping[Feedback, Rule] = {
    Feedback.FALSE_SIGNAL: Rule(_NO, "a recipient who knows the place says that it was no signal"),
    Feedback.NOTHING_FOUND: Rule(_OPEN, "nobody was there: prevented, moved or bluff; what the post announced it did"),
    Feedback.VISIBLY_PRESENT: Rule(_OPEN, "it says what was done, and being there may be why nothing happened"),
    Feedback.TALK_HELD: Rule(_OPEN, "it says what was done; a talk may show a joke as well as a plan"),
    Feedback.HANDED_OVER: Rule(_OPEN, "it says who goes on with it"),
}

CLOSED: Mapping[Outcome, Rule] = {
    Outcome.PREVENTED: Rule(_YES, "there was something to prevent"),
    Outcome.FALSE_SIGNAL: Rule(_NO, "the team itself says so, knowing what came back"),
    Outcome.NOTHING_FOUND: Rule(_OPEN, "as above: it does not say that the post was harmless"),
    Outcome.ACTED_ON: Rule(_OPEN, "it says that somebody acted, not what the post said"),
    Outcome.OTHER: Rule(_OPEN, "it names nothing"),
}

WITHDRAWN: Mapping[str, Rule] = {
    "false_signal": Rule(_NO, "the team took it back because it was none"),
    "wrong_place": Rule(_OPEN, "it speaks about the place, not about the harm"),
    "over": Rule(_OPEN, "it was over later; the post is judged by when it was written"),
    "other": Rule(_OPEN, "it names nothing"),
}
"""By the codes of the reasons for withdrawing."""

_READ_TWICE = frozenset({SignalState.CONFIRMED, SignalState.REFERRED, SignalState.CLOSED})


class Settled(StrEnum):
    """What a signal's answers make together."""

    ACTIONABLE = "actionable"
    HARMLESS = "harmless"
    DISPUTED = "disputed"
    """They contradict each other, and nobody decided between them."""
    UNDECIDED = "undecided"


def settle(
    state: SignalState,
    rejected_for: RejectReason | None,
    answers: Collection[Feedback],
    outcome: Outcome | None,
    withdrawn_for: Collection[str],
) -> Settled:
    """The label. The team's last word (how it closed or took back the signal) counts before anything else.

    Without one, readers decide; a recipient who calls it a false signal does not overrule two readers, but makes it
    disputed, and a disputed signal is no label.
    """
    words = {WITHDRAWN[reason].says for reason in withdrawn_for}
    if outcome is not None:
        words.add(CLOSED[outcome].says)
    words.discard(Says.NOTHING)
    if words:
        return Settled(words.pop().value) if len(words) == 1 else Settled.DISPUTED
    if state is SignalState.REJECTED and rejected_for is not None:
        says = REJECTED[rejected_for].says
        return Settled.UNDECIDED if says is Says.NOTHING else Settled(says.value)
    if state not in _READ_TWICE:
        return Settled.UNDECIDED
    contested = any(ANSWERED[answer].says is Says.HARMLESS for answer in answers)
    return Settled.DISPUTED if contested else Settled.ACTIONABLE
