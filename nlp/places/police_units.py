"""Which of the ten regional police units a municipality belongs to. General knowledge, unverified.

Empty where it is not known for sure: a wrong unit is worse than none, for then a person chooses.
"""

from nlp.places.municipalities import municipality_now

UNITS = frozenset(
    {
        "Amsterdam", "Den Haag", "Limburg", "Midden-Nederland", "Noord-Holland", "Noord-Nederland", "Oost-Brabant",
        "Oost-Nederland", "Rotterdam", "Zeeland-West-Brabant",
    }
)  # fmt: skip
_PROVINCE_UNIT = {
    "Noord-Holland": "Noord-Holland",
    "Utrecht": "Midden-Nederland",
    "Flevoland": "Midden-Nederland",
    "Gelderland": "Oost-Nederland",
    "Overijssel": "Oost-Nederland",
    "Groningen": "Noord-Nederland",
    "Friesland": "Noord-Nederland",
    "Fryslân": "Noord-Nederland",
    "Drenthe": "Noord-Nederland",
    "Limburg": "Limburg",
    "Zeeland": "Zeeland-West-Brabant",
}
_AMSTERDAM = {"Amsterdam", "Amstelveen", "Aalsmeer", "Diemen", "Ouder-Amstel", "Uithoorn"}
_GOOI = {"Hilversum", "Gooise Meren", "Huizen", "Blaricum", "Laren", "Wijdemeren"}
_HAAGLANDEN_AND_HOLLANDS_MIDDEN = {
    "Den Haag", "Delft", "Zoetermeer", "Rijswijk", "Leidschendam-Voorburg", "Westland", "Wassenaar",
    "Pijnacker-Nootdorp", "Midden-Delfland", "Leiden", "Alphen aan den Rijn", "Gouda", "Katwijk", "Leiderdorp",
    "Noordwijk", "Oegstgeest", "Teylingen", "Voorschoten", "Waddinxveen", "Bodegraven-Reeuwijk", "Kaag en Braassem",
    "Nieuwkoop", "Zoeterwoude", "Hillegom", "Lisse", "Krimpenerwaard", "Zuidplas",
}  # fmt: skip
_RIJNMOND_AND_SOUTH = {
    "Rotterdam", "Schiedam", "Vlaardingen", "Maassluis", "Capelle aan den IJssel", "Krimpen aan den IJssel",
    "Lansingerland", "Barendrecht", "Ridderkerk", "Albrandswaard", "Nissewaard", "Voorne aan Zee",
    "Goeree-Overflakkee", "Dordrecht", "Zwijndrecht", "Papendrecht", "Sliedrecht", "Alblasserdam",
    "Hendrik-Ido-Ambacht", "Hardinxveld-Giessendam", "Gorinchem", "Molenlanden", "Hoeksche Waard",
}  # fmt: skip
_MIDDEN_AND_WEST_BRABANT = {
    "Breda", "Tilburg", "Roosendaal", "Bergen op Zoom", "Oosterhout", "Etten-Leur", "Moerdijk", "Waalwijk",
    "Goirle", "Zundert", "Rucphen", "Halderberge", "Steenbergen", "Woensdrecht", "Drimmelen", "Geertruidenberg",
    "Gilze en Rijen", "Dongen", "Loon op Zand", "Baarle-Nassau", "Alphen-Chaam", "Altena", "Hilvarenbeek", "Oisterwijk",
}  # fmt: skip
_EAST_BRABANT = {
    "Eindhoven", "'s-Hertogenbosch", "Helmond", "Oss", "Meierijstad", "Land van Cuijk", "Maashorst", "Veldhoven",
    "Geldrop-Mierlo", "Best", "Boxtel", "Vught", "Heusden", "Sint-Michielsgestel", "Bernheze", "Boekel",
    "Gemert-Bakel", "Laarbeek", "Deurne", "Asten", "Someren", "Heeze-Leende", "Cranendonck", "Valkenswaard", "Waalre",
    "Bergeijk", "Eersel", "Bladel", "Reusel-De Mierden", "Oirschot", "Son en Breugel", "Nuenen, Gerwen en Nederwetten",
}  # fmt: skip
_NOT_SURE = {"Vijfheerenlanden"}
"""Went from one province and unit to another in 2019; look it up before filling it in."""
_NAMED = {
    **dict.fromkeys(_AMSTERDAM, "Amsterdam"),
    **dict.fromkeys(_GOOI, "Midden-Nederland"),
    **dict.fromkeys(_HAAGLANDEN_AND_HOLLANDS_MIDDEN, "Den Haag"),
    **dict.fromkeys(_RIJNMOND_AND_SOUTH, "Rotterdam"),
    **dict.fromkeys(_MIDDEN_AND_WEST_BRABANT, "Zeeland-West-Brabant"),
    **dict.fromkeys(_EAST_BRABANT, "Oost-Brabant"),
    **dict.fromkeys(_NOT_SURE, ""),
}


def police_unit(municipality: str, province: str) -> str:
    """The regional police unit of a municipality; empty where we do not know it for sure."""
    name = municipality_now(municipality, province)
    return _NAMED[name] if name in _NAMED else _PROVINCE_UNIT.get(province, "") if name else ""
