"""Which names the rules give a school, why, and which of them are too weak to stand alone. The schools are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places.aliases import PRIMARY_RULE, Made, school_aliases


def names(official: str, short: str = "", *, town: str = "", website: str = "") -> dict[str, Made]:
    made = school_aliases(official, short, [], primary=False, town=town, website=website)
    return {alias.text: alias for alias in made}


@pytest.mark.parametrize(
    ("official", "everyday"),
    [
        ("Zilverlinde College voor Lyceum Havo Mavo Vbo Lwoo", ["zilverlinde college", "zilverlinde"]),
        ("Zilverlindecollege voor vwo, havo en mavo", ["zilverlindecollege", "zilverlinde college", "zilverlinde"]),
        ("Openbare Scholengemeenschap Zilverlinde voor Ath Havo Mavo", ["zilverlinde", "osg zilverlinde"]),
        ("Chr. SGM Zilverlinde voor vwo, havo", ["zilverlinde", "csg zilverlinde", "chr sgm zilverlinde"]),
        ("Zilverlinde College Christelijke Scholengemeenschap voor Vwo Havo", ["zilverlinde college", "zilverlinde"]),
        (
            "Christelijk Lyceum Zilverlinde voor Lyceum en Havo",
            ["lyceum zilverlinde", "lyc zilverlinde", "zilverlinde"],
        ),
        ("Zilverlinde Gymnasium", ["zilverlinde gym", "zilverlinde"]),
        ("Metaal Montessori Lyceum", ["metaal lyceum", "metaal lyc", "metaal"]),
        ("Het 7e Gymnasium", ["7e gym", "het 7e gym", "7e gymnasium"]),
        ("Het 3e Gymnasium", ["3e gym", "derde gym", "3de gymnasium", "derde gymnasium"]),
        ("Praktijkschool De Zilverlinde", ["de zilverlinde", "pro de zilverlinde"]),
        ("St. Ewoudcollege", ["st ewoud college", "sint ewoud college", "ewoud"]),
        ("Dr. Zilverlinde Lyceum", ["dr zilverlinde lyceum", "zilverlinde"]),
        ("Zilver v Linde Coll", ["zilver van linde college", "zilver v linde coll"]),
        ("School voor Praktijkonderwijs De Zilverlinde", ["de zilverlinde"]),
        ("Groepsscholen Scholengroep Zilverlindecollege vwo havo mavo", ["zilverlindecollege", "zilverlinde"]),
    ],
)
def test_a_school_is_called_by_less_than_its_official_name(official: str, everyday: list[str]) -> None:
    made = names(official)
    assert [name for name in everyday if name not in made] == []


@pytest.mark.parametrize(
    ("official", "everyday"),
    [
        ("Zilver College voor vwo, havo locatie Lindelyceum", ["lindelyceum", "linde lyceum", "zilver lindelyceum"]),
        ("Zilver Scholengroep - Linde College", ["linde college", "zilver linde college"]),
        ("loc, Linde Coll", ["linde coll", "linde college", "linde"]),
        ("Zilver College, vestiging Kadeweg", ["zilver college", "zilver kadeweg", "zilver college kadeweg"]),
        ("Zilver College (Kadeweg)", ["zilver college"]),
    ],
)
def test_a_building_has_a_name_of_its_own_and_one_with_its_school(official: str, everyday: list[str]) -> None:
    made = names(official)
    assert [name for name in everyday if name not in made] == []


def test_a_building_called_after_its_street_needs_support() -> None:
    assert names("Zilver College, vestiging Kadeweg")["kadeweg"].weak
    assert not names("Zilver College, vestiging Linde Lyceum")["linde lyceum"].weak


@pytest.mark.parametrize(
    ("official", "initials"),
    [
        ("Hervormd Lyceum Linde", "hll"),
        ("Jan van Zilver College", "jvzc"),
        ("Jan van Zilver College", "jzc"),
        ("Willem Zilvergymnasium", "wzg"),
    ],
)
def test_initials_are_a_weak_name(official: str, initials: str) -> None:
    made = names(official)
    assert made[initials].weak
    assert made[initials].rule.endswith("initials")


@pytest.mark.parametrize("official", ["Christelijke Scholengemeenschap Groot", "Regionale Scholengemeenschap Groot"])
def test_what_stands_for_a_kind_of_school_is_no_initials(official: str) -> None:
    assert "csg" not in names(official)
    assert "rsg" not in names(official)


@pytest.mark.parametrize(
    "official",
    [
        "Stedelijk Gymnasium",
        "Scholengemeenschap voor Vwo Havo Mavo",
        "Praktijkschool",
        "Het College voor Lyc Havo Mavo",
        "Christelijk Lyceum voor Havo",
        "School voor Praktijkonderwijs",
    ],
)
def test_a_kind_of_school_alone_is_no_name(official: str) -> None:
    lone = {"gymnasium", "gym", "college", "lyceum", "lyc", "school", "mavo", "pro", "praktijkschool", "het college"}
    strong = {text for text, alias in names(official).items() if not alias.weak and alias.rule != "as published"}
    assert not strong & lone


def test_the_town_is_left_out_where_something_is_left() -> None:
    made = names("Zilverlinde College Diepwater", town="Diepwater")
    assert "town dropped" in made["zilverlinde college"].rule
    assert "diepwater" not in made
    assert "diepwater" not in names("Gymnasium Diepwater", town="Diepwater")


@pytest.mark.parametrize(
    ("website", "name"),
    [
        ("www.zvl.nl", "zvl"),
        ("https://zilver.lindescholen.nl/contact", "zilver"),
        ("www.zilverlyceum.nl", "zilver lyceum"),
    ],
)
def test_a_web_address_names_a_school(website: str, name: str) -> None:
    made = names("Scholengroep Noord voor Lyceum Havo Mavo", website=website)
    assert "name in the web address" in made[name].rule


def test_a_web_address_is_weak_where_the_school_has_a_name_of_its_own() -> None:
    assert names("Scholengroep Noord", "Linde College", website="www.zilverlyceum.nl")["zilver lyceum"].weak


def test_every_name_says_how_it_was_made() -> None:
    made = names("Openbare Scholengemeenschap Zilverlinde College voor Lyceum Havo Mavo", "OSG Zilverlinde Coll")
    assert made["openbare scholengemeenschap zilverlinde college voor lyceum havo mavo"].kind == "official"
    assert made["osg zilverlinde coll"].rule == "name in the exam file"
    assert made["zilverlinde"].rule == "list of levels dropped; community of schools dropped; 'college' dropped"
    assert {alias.kind for alias in made.values()} == {"official", "short"}


def test_a_primary_school_counts_only_beside_a_word_that_says_so() -> None:
    [alias] = school_aliases("Obs De Zilverlinde", "", [], primary=True)
    assert alias == Made("de zilverlinde", "primary", PRIMARY_RULE, True)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_text_in_a_file_gives_plain_names(official: str, short: str, website: str) -> None:
    for alias in school_aliases(official, short, [], primary=False, town=short, website=website):
        assert len(alias.text) >= 3
        assert alias.text == " ".join(alias.text.split())
        assert alias.rule
