"""Posts in, analysed records out; a post on which the analysis breaks is named and does not hold up the others.

Both roads call this. It stores nothing and publishes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from signals.analysed import Analysed, analysed
from signals.analysis import Analysis
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings

Analyse = Callable[[Sequence[Post], DetectionSettings], list[Analysis]]
"""The machine's part, given by the composition root: one analysis a post, in order, the same whatever the batch."""
Draws = Callable[[UUID], bool]
"""Whether a version of a post is drawn for the blind sample, by its event id (`pipeline.quality.chance`)."""


class AnalysisIncomplete(Exception):
    """The analysis gave back another number of answers than it got posts."""


@dataclass(frozen=True)
class Broken:
    """A post on which the analysis failed. The error is kept for its code location only, never for its words."""

    post: Post
    error: Exception


def draws_nothing(_: UUID) -> bool:
    """For who looks at posts without taking them in."""
    return False


def analyse_records(
    records: Sequence[Post | PostRemoved],
    analyse: Analyse,
    settings: DetectionSettings,
    draws: Draws = draws_nothing,
) -> tuple[list[Analysed | PostRemoved], list[Broken]]:
    """Analyse the posts among `records`; removals pass unfiltered; the order stays."""
    posts = [r for r in records if isinstance(r, Post)]
    found: dict[int, Analysis] = {}
    broken: list[Broken] = []
    try:
        found = dict(enumerate(_answers(posts, analyse, settings)))
    except MemoryError:
        raise
    except Exception:  # any fault of any one post; the next lines find out which
        for number, post in enumerate(posts):
            try:
                found[number] = _answers([post], analyse, settings)[0]
            except MemoryError:
                raise
            except Exception as error:
                broken.append(Broken(post, error))
    done: list[Analysed | PostRemoved] = []
    number = 0
    for record in records:
        if isinstance(record, PostRemoved):
            done.append(record)
            continue
        if number in found:
            done.append(analysed(record, found[number], draws(record.event_id)))
        number += 1
    return done, broken


def _answers(posts: Sequence[Post], analyse: Analyse, settings: DetectionSettings) -> list[Analysis]:
    answers = analyse(posts, settings) if posts else []
    if len(answers) != len(posts):
        raise AnalysisIncomplete(f"{len(posts)} posts were analysed and {len(answers)} answers came back")
    return answers
