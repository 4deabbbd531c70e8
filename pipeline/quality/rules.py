"""Which rejections a second person reads: the rule list, as data. It draws nothing."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pipeline.quality.chance import chance_of
from signals.label import Level
from signals.post import HUMAN_SOURCES, Source
from signals.signal import RejectReason

Share = Annotated[float, Field(ge=0, le=1)]


class _Line(BaseModel):
    """One line of the list as a person writes it in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NearThreshold(_Line):
    """The machine was in doubt: its score lies no further than `within` above the threshold."""

    kind: Literal["near_threshold"]
    within: Share


class AgainstMachine(_Line):
    """The reader gave one of `reasons`, and the machine had found one of `levels`."""

    kind: Literal["against_machine"]
    levels: tuple[Level, ...]
    reasons: tuple[RejectReason, ...]


class AtRandom(_Line):
    """This share of all rejections, whatever they say: the only ones from which a share of all can be estimated."""

    kind: Literal["random"]
    share: Share


Rule = Annotated[NearThreshold | AgainstMachine | AtRandom, Field(discriminator="kind")]

SHIPPED: tuple[Rule, ...] = (
    AtRandom(kind="random", share=0.05),
    AgainstMachine(
        kind="against_machine",
        levels=(Level.ACUUT, Level.CONCREET),
        reasons=(RejectReason.NOT_CONCRETE, RejectReason.PLACE_WRONG, RejectReason.OLD),
    ),
    AgainstMachine(
        kind="against_machine", levels=(Level.ACUUT,), reasons=(RejectReason.FIGURATIVE, RejectReason.OTHER)
    ),
    NearThreshold(kind="near_threshold", within=0.02),
)


@dataclass(frozen=True)
class Rejection:
    """A first reading that rejected: what the rules look at, and nothing else."""

    signal_id: UUID
    source: Source
    level: Level
    """The machine's level, whatever the reader made of it."""
    above_threshold: float
    reason: RejectReason


def matched(rules: tuple[Rule, ...], rejection: Rejection, key: bytes) -> tuple[str | None, bool]:
    """The kind of the first rule that wants a second reading, and whether chance alone would have wanted it too."""
    by_chance = any(_wants(rule, rejection, key) for rule in rules if isinstance(rule, AtRandom))
    return next((rule.kind for rule in rules if _wants(rule, rejection, key)), None), by_chance


def _wants(rule: Rule, rejection: Rejection, key: bytes) -> bool:
    if isinstance(rule, AtRandom):
        return chance_of(key, "second-reading", rejection.signal_id) < rule.share
    if rejection.source in HUMAN_SOURCES:  # the machine did not decide that somebody should read it
        return False
    if isinstance(rule, NearThreshold):
        return 0 <= rejection.above_threshold <= rule.within
    return rejection.level in rule.levels and rejection.reason in rule.reasons
