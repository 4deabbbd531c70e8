"""The regions of the network, each with its own teams: lists of municipalities. It compares no region with another."""

MUNICIPALITIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "amsterdam": ("Amsterdam", ("Amsterdam",)),
    "haaglanden": (
        "Haaglanden",
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
    "rotterdam": ("Rotterdam", ("Rotterdam",)),
    "zaanstreek": ("Zaanstreek", ("Oostzaan", "Wormerland", "Zaanstad")),
}
"""Code, name and municipalities of each region, in the order of the alphabet."""


def region_of(municipality: str) -> str | None:
    """Name of the region that a municipality is in; None when it is in none of the network."""
    return next((name for name, inside in MUNICIPALITIES.values() if municipality in inside), None)
