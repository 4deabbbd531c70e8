"""Which regional police unit a municipality belongs to, where we know it for sure. General knowledge, unverified."""

_AMSTERDAM_UNIT = {"Amsterdam", "Amstelveen", "Aalsmeer", "Diemen", "Ouder-Amstel", "Uithoorn", "Weesp"}
_PROVINCE_UNIT = {
    "Noord-Holland": "Noord-Holland",
    "Utrecht": "Midden-Nederland",
    "Flevoland": "Midden-Nederland",
    "Gelderland": "Oost-Nederland",
    "Overijssel": "Oost-Nederland",
    "Groningen": "Noord-Nederland",
    "Friesland": "Noord-Nederland",
    "Drenthe": "Noord-Nederland",
    "Limburg": "Limburg",
    "Zeeland": "Zeeland-West-Brabant",
}
_HAAGLANDEN = {
    "'s-Gravenhage", "Den Haag", "Delft", "Zoetermeer", "Rijswijk", "Leidschendam-Voorburg", "Westland", "Wassenaar",
    "Pijnacker-Nootdorp", "Midden-Delfland", "Leiden", "Alphen aan den Rijn", "Gouda", "Katwijk", "Leiderdorp",
    "Noordwijk", "Oegstgeest", "Teylingen", "Voorschoten", "Waddinxveen", "Bodegraven-Reeuwijk", "Kaag en Braassem",
    "Nieuwkoop", "Zoeterwoude", "Hillegom", "Lisse", "Krimpenerwaard", "Zuidplas",
}  # fmt: skip
_WEST_BRABANT = {
    "Breda", "Tilburg", "Roosendaal", "Bergen op Zoom", "Oosterhout", "Etten-Leur", "Moerdijk", "Waalwijk",
    "Goirle", "Zundert", "Rucphen", "Halderberge", "Steenbergen", "Woensdrecht", "Drimmelen", "Geertruidenberg",
    "Gilze en Rijen", "Dongen", "Loon op Zand", "Baarle-Nassau", "Alphen-Chaam", "Altena", "Hilvarenbeek", "Oisterwijk",
}  # fmt: skip
_EAST_BRABANT_UNIT, _GOOI = "Oost-Brabant", {"Hilversum", "Gooise Meren", "Huizen", "Blaricum", "Laren", "Wijdemeren"}


def police_unit(municipality: str, province: str) -> str:
    """The regional police unit of a municipality; empty where we do not know it for sure."""
    if municipality in _AMSTERDAM_UNIT:
        return "Amsterdam"
    if municipality in _GOOI:
        return "Midden-Nederland"
    if province == "Zuid-Holland":
        return "Den Haag" if municipality in _HAAGLANDEN else "Rotterdam"
    if province == "Noord-Brabant":
        return "Zeeland-West-Brabant" if municipality in _WEST_BRABANT else _EAST_BRABANT_UNIT
    return _PROVINCE_UNIT.get(province, "")
