"""An immutable version of the detection settings: thresholds and the team's own terms.

Every analysis names the version it was made with. Making and approving versions is the tuning room's work.
"""

import hashlib
from typing import Annotated

from pydantic import Field

from signals.frozen import Frozen
from signals.label import Category


class TeamTerm(Frozen):
    """A word or phrase the team added to the shipped term list. A term alone never flags a post; it opens the gate."""

    term: Annotated[str, Field(min_length=2, max_length=80)]
    category: Category
    meaning: str


class DetectionSettings(Frozen):
    """What the team can tune. `threshold` is the score from which a post is flagged, per category or for all."""

    threshold: Annotated[float, Field(ge=0, le=1)]
    category_thresholds: dict[Category, Annotated[float, Field(ge=0, le=1)]] = {}
    gate_threshold: Annotated[float, Field(ge=0, le=1)]
    team_terms: tuple[TeamTerm, ...] = ()
    region: Annotated[str, Field(max_length=60)] = ""
    """The municipality that the team works for: it settles which place a bare 'Zuid' or a shared name means."""

    @property
    def version(self) -> str:
        """Name of this version: a hash of the content, so equal settings have equal names everywhere."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]
