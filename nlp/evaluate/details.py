"""What stands beside the promised fields: every kind of post apart, areas, bins of calibration. Adds, never changes."""

from dataclasses import asdict, dataclass

from nlp.evaluate.areas import AreaGroup, by_area, by_town
from nlp.evaluate.curves import Bin, reliability
from nlp.evaluate.groups import CategoryGroup, Group, categories, class_of, imminent, shares
from nlp.evaluate.intervals import Interval
from nlp.evaluate.rows import Rows
from nlp.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Details:
    """Tables of labelled posts by kind; `by_class` follows the notes of measuring sets, `by_source` the platform."""

    by_category: dict[str, CategoryGroup]
    by_genre: dict[str, Group]
    by_lang: dict[str, Group]
    by_source: dict[str, Group]
    by_class: dict[str, Group]
    by_area: dict[str, AreaGroup]
    by_town: dict[str, AreaGroup]
    imminent_f1: dict[str, Interval | None]
    reliability: tuple[Bin, ...]

    def plain(self) -> dict[str, object]:
        """As JSON has it."""
        return asdict(self)


def details(rows: Rows, gazetteer: Gazetteer) -> Details:
    """All tables; empty ones where the rows do not say."""
    harmless = [found for found, actionable in zip(rows.analyses, rows.actionable, strict=True) if not actionable]
    return Details(
        by_category=categories(rows),
        by_genre=shares(rows, lambda post: post.genre.value),
        by_lang=shares(rows, lambda post: post.lang.value),
        by_source=shares(rows, lambda post: post.platform),
        by_class=shares(rows, class_of),
        by_area=by_area(harmless),
        by_town=by_town(harmless, gazetteer),
        imminent_f1=imminent(rows),
        reliability=tuple(reliability(rows.actionable, rows.scores)),
    )
