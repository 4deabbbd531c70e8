"""The regions of the network, each with its own teams: lists of municipalities. It compares no region with another."""

from signals.region import REGION_NAMES, Region

MUNICIPALITIES: dict[str, tuple[str, tuple[str, ...]]] = {
    Region.AMSTERDAM.value: (REGION_NAMES[Region.AMSTERDAM], ("Amsterdam",)),
    Region.HAAGLANDEN.value: (
        REGION_NAMES[Region.HAAGLANDEN],
        (
            "Delft",
            "Den Haag",
            "'s-Gravenhage",
            "Leidschendam-Voorburg",
            "Midden-Delfland",
            "Pijnacker-Nootdorp",
            "Rijswijk",
            "Wassenaar",
            "Westland",
            "Zoetermeer",
        ),
    ),
    Region.ROTTERDAM.value: (REGION_NAMES[Region.ROTTERDAM], ("Rotterdam",)),
    Region.ZAANSTREEK.value: (REGION_NAMES[Region.ZAANSTREEK], ("Oostzaan", "Wormerland", "Zaanstad")),
}
"""Code, name and municipalities of each region, in the order of the alphabet."""


def region_of(municipality: str) -> str | None:
    """Name of the region that a municipality is in; None when it is in none of the network."""
    return next((name for name, inside in MUNICIPALITIES.values() if municipality in inside), None)
