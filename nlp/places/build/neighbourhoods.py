"""Districts and neighbourhoods of the whole country, from the names that Statistics Netherlands publishes.

Settles which of them are new beside the areas that other tables have, and which go by their bare name: one that many
towns have ('Vogelbuurt') is found only beside the name of its town.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.places.aliases import Made
from nlp.places.build.draft import Draft, Name, Row, rows, slug
from nlp.places.build.neighbourhood_names import is_quarter, is_street, parts, shared, whole
from nlp.places.entry import Entry
from signals.masking.word_lists import fold, word_list
from signals.place import PlaceKind

TABLE = Path(__file__).parents[2] / "data" / "neighbourhoods.csv"
OFFICIAL = "CBS Kerncijfers wijken en buurten 2024"
DERIVED = "derived from " + OFFICIAL
GENERAL = "general knowledge"
MANY = 3
"""A name that more municipalities have than this is no name by itself."""
DOMINANT, LARGE = 3, 4_000
"""Unless one of them has so many times the inhabitants of the next, and at least so many."""
TOWN_FROM = 60_000
"""From so many inhabitants on a town has a north, an east, a south, a west and a middle, whatever its tables say."""
SMALL = 1_500
"""Quarters of a neighbourhood with fewer inhabitants ('De Blaak Noord-West') go by its name."""
_QUARTERS = ("Noord", "Oost", "Zuid", "West", "Centrum")
_TOO_FREQUENT, _ORDINARY = 4.3, 3.3
_SHORTEST = 4
_KNOWN, _KNOWN_BARE = 2.4, 1.3
"""From here on a name, and one without its article, is a word that people know, and needs support from its context."""
_ALSO_CALLED = {"'s-Hertogenbosch": ("Den Bosch", "'s-Hertogenbosch")}
Frequency = Callable[[str], float]
_Taken = Mapping[str, Mapping[str, PlaceKind]]


@dataclass(frozen=True, slots=True)
class _Area:
    code: str
    level: str
    name: str
    municipality: str
    inhabitants: int
    others: tuple[str, ...]
    source: str


def neighbourhoods(
    known: Sequence[Draft], curated: Sequence[Row], frequency: Frequency, table: Path = TABLE
) -> list[Draft]:
    """Every neighbourhood that `known` and the curated rows do not have. `frequency`: of a word, on the Zipf scale."""
    taken = _taken(known, curated)
    official = [_area(row) for row in rows(table)]
    found = _new([*official, *_wholes(official, taken), *_quarters(official)], taken)
    bare = _Bare(found, known, taken, frequency)
    ids = {row["id"] for row in curated}
    districts = {area.code[2:8]: area.name for area in official if area.level == "wijk"}
    return [_draft(area, bare, ids, districts.get(area.code[2:8], "")) for area in found]


def _area(row: Row) -> _Area:
    others = tuple(filter(None, row["aliases"].split("|")))
    source = OFFICIAL if row["code"] else GENERAL
    return _Area(
        row["code"], row["level"], row["name"], row["municipality"], int(row["inhabitants"] or 0), others, source
    )


def _key(name: str) -> str:
    """What two spellings of one name have in common."""
    return "".join(part for part in slug(name).split("-") if part not in {"de", "het", "t"}) or slug(name)


def _taken(known: Iterable[Draft], curated: Iterable[Row]) -> Mapping[str, dict[str, PlaceKind]]:
    """What each municipality already has, by its names."""
    taken: dict[str, dict[str, PlaceKind]] = defaultdict(dict)
    for draft in known:
        if draft.entry.kind in {PlaceKind.AREA, PlaceKind.CITY}:
            for name in (draft.entry.name, *(made[0] for made in draft.names)):
                taken[draft.entry.municipality].setdefault(_key(name), draft.entry.kind)
    for row in curated:
        if row["kind"] in {PlaceKind.AREA, PlaceKind.CITY} and row["municipality"]:
            of = f"area:{slug(row['municipality'])}/"
            for name in row["aliases"].replace("*", "").split("|"):
                if row["id"] != of + slug(name):
                    taken[row["municipality"]].setdefault(_key(name), PlaceKind(row["kind"]))
    return taken


def _wholes(areas: Iterable[_Area], taken: _Taken) -> Iterator[_Area]:
    """Neighbourhoods of which the tables have only the quarters ('Vinkhuizen-Noord', 'Vathorst-De Laak')."""
    inhabitants: dict[tuple[str, str], int] = defaultdict(int)
    times: dict[tuple[str, str], int] = defaultdict(int)
    for area in areas:
        stem, first = whole(area.name), shared(area.name)
        for name in {stem, first} - {""}:
            if _key(name) not in taken[area.municipality] and not is_street(name):
                inhabitants[area.municipality, name] += area.inhabitants
                times[area.municipality, name] += 2 if name == stem else 1
    for (municipality, name), count in inhabitants.items():
        if times[municipality, name] > 1:
            yield _Area("", "wijk", name, municipality, count, (), DERIVED)


def _quarters(areas: Iterable[_Area]) -> Iterator[_Area]:
    """The parts that every large town has, after its own tables so that those come first."""
    inhabitants: dict[str, int] = defaultdict(int)
    for area in areas:
        if area.level == "wijk":
            inhabitants[area.municipality] += area.inhabitants
    for municipality, count in inhabitants.items():
        if count >= TOWN_FROM:
            yield from (_Area("", "wijk", name, municipality, 0, (), DERIVED) for name in _QUARTERS)


def _new(areas: Iterable[_Area], taken: _Taken) -> list[_Area]:
    """One of each name in each municipality, the district before its neighbourhood of the same name."""
    found: dict[tuple[str, str], _Area] = {}
    areas = [area for area in areas if area.level == "wijk" or area.inhabitants >= SMALL or not whole(area.name)]
    for area in sorted(areas, key=lambda area: (area.source != OFFICIAL, area.level != "wijk", area.code)):
        key = _key(_own(area))
        if key not in taken[area.municipality] and not is_street(area.name):
            found.setdefault((area.municipality, key), area)
    return list(found.values())


def _own(area: _Area) -> str:
    """The name without the town's before it: 'Noord' of 'Hoorn Noord'."""
    for town in _towns(area):
        rest = area.name.removeprefix(town)
        if rest != area.name and rest[:1] in {" ", "-"} and is_quarter(rest.strip(" -")):
            return rest.strip(" -")
    return area.name


def _towns(area: _Area) -> tuple[str, ...]:
    return _ALSO_CALLED.get(area.municipality, (area.municipality.split(" (")[0],))


class _Bare:
    """Which names need no town beside them."""

    def __init__(self, areas: Sequence[_Area], known: Iterable[Draft], taken: _Taken, frequency: Frequency) -> None:
        self._frequency = frequency
        self._elsewhere: dict[str, set[str]] = defaultdict(set)
        for draft in known:
            if draft.entry.kind is not PlaceKind.AREA:
                for name in (made[0] for made in draft.names if made[1] != "primary"):
                    self._elsewhere[_key(name)].add(draft.entry.municipality)
        self._own = {(area.municipality, _key(_own(area))) for area in areas}
        self._own |= {(municipality, key) for municipality, keys in taken.items() for key in keys}
        self._having: dict[str, list[_Area]] = defaultdict(list)
        for area in areas:
            for name in self.wishes(area):
                self._having[_key(name)].append(area)

    def wishes(self, area: _Area) -> list[str]:
        """Its own name, those in it that are no neighbourhood's own, and those it has besides."""
        name = _own(area)
        if is_quarter(name):
            return []
        article, _, rest = name.partition(" ")
        short = [rest] if article in {"De", "Het", "'t"} else []
        within = [part for part in parts(name) if (area.municipality, _key(part)) not in self._own]
        return [name, *(part for part in (*within, *short) if self._rare(part, _ORDINARY)), *area.others]

    def names(self, area: _Area) -> list[Name]:
        """Those of its wishes that it gets."""
        wishes = [name for name in self.wishes(area) if self._granted(name, area)]
        return [
            Made(name, "official", weak=self._weak(name))
            if name == area.name and area.source == OFFICIAL
            else Made(name, "short", "part of its name", self._weak(name, area.name))
            for name in wishes
        ]

    def _weak(self, name: str, of: str = "") -> bool:
        """Whether it is a word or a given name, too: 'Theresia', 'Triangel', the 'Brinken' of De Brinken."""
        word = name.lower()
        limit = _KNOWN_BARE if of.endswith(" " + name) else _KNOWN
        return self._frequency(word) >= limit or fold(word) in word_list("first_names.txt")

    def _granted(self, name: str, area: _Area) -> bool:
        elsewhere = self._elsewhere.get(_key(name), set()) - {area.municipality}
        if len(name) < _SHORTEST or elsewhere or not self._rare(name, _TOO_FREQUENT):
            return False
        others = {other.municipality: other.inhabitants for other in self._having[_key(name)]}
        if len(others) <= MANY:
            return True
        next_one = max(count for municipality, count in others.items() if municipality != area.municipality)
        return area.inhabitants >= max(LARGE, DOMINANT * next_one)

    def _rare(self, name: str, limit: float) -> bool:
        words = [word for word in name.lower().split() if word not in {"de", "het", "'t"}]
        return len(words) > 1 or self._frequency("".join(words)) < limit


def _draft(area: _Area, bare: _Bare, curated: set[str], district: str) -> Draft:
    own = f"area:{slug(area.municipality)}/{slug(_own(area))}"
    code = f"cbs:{area.code}" if area.code else ""
    names = bare.names(area)
    if not any(made[0] in {area.name, _own(area)} for made in names):
        names += [(form, "short") for town in _towns(area) for form in _beside(town, _own(area))]
    entry = Entry(
        id=own if own in curated or not code else code,
        kind=PlaceKind.AREA,
        type=area.level,
        name=area.name,
        municipality=area.municipality,
        verified=area.source == OFFICIAL,
        former=(code,) if code and own in curated else (),
        source=area.source,
    )
    return Draft(entry, tuple(names), (district,) if district and district != area.name else ())


def _beside(town: str, name: str) -> list[str]:
    """The name with its town, in both orders except for points of the compass ('Noord Holland' is none of Holland)."""
    if name.startswith(town):
        return [name]
    middle = {"Centrum", "Binnenstad", "Stadscentrum"}
    return [f"{town} {name}"] + ([f"{name} {town}"] if name in middle or not is_quarter(name) else [])
