"""Which municipality a town belongs to today: spellings of the official files, and mergers since the postcode table.

General knowledge up to 2025, checked against the municipalities in the school files; unverified.
"""

SPELLINGS = {
    "'s-Gravenhage": "Den Haag",
    "Bergen Nh": "Bergen (NH.)",
    "Bergen Lb": "Bergen (L.)",
    "De Friese Meren": "De Fryske Marren",
    "Noardeast-Fryslan": "Noardeast-Fryslân",
    "Noardeast-FryslÔn": "Noardeast-Fryslân",
    "Nuenen Ca": "Nuenen, Gerwen en Nederwetten",
    "Nuenen c.a.": "Nuenen, Gerwen en Nederwetten",
    "Sudwest-Fryslan": "Súdwest-Fryslân",
    "S·dwest-FryslÔn": "Súdwest-Fryslân",
    "Hengelo (O)": "Hengelo",
    "Hengelo (O.)": "Hengelo",
    "Laren (NH.)": "Laren",
    "Rijswijk (ZH.)": "Rijswijk",
    "Stein (L.)": "Stein",
    "Beek (L.)": "Beek",
    "Middelburg (Z.)": "Middelburg",
    "Utrecht (gemeente)": "Utrecht",
    "Groningen (gemeente)": "Groningen",
    "'s-Gravenhage (gemeente)": "Den Haag",
    "Menameradiel": "Waadhoeke",
    "Molenwaard": "Molenlanden",
}
_MERGED = {
    "Alkmaar": "Graft-De Rijp|Schermer",
    "Alphen aan den Rijn": "Boskoop|Rijnwoude",
    "Altena": "Aalburg|Werkendam|Woudrichem",
    "Amsterdam": "Weesp",
    "Beekdaelen": "Nuth|Onderbanken|Schinnen",
    "Berg en Dal": "Groesbeek|Millingen aan de Rijn|Ubbergen",
    "Bodegraven-Reeuwijk": "Bodegraven|Reeuwijk",
    "De Fryske Marren": "Gaasterlân-Sleat|Lemsterland|Skarsterlân",
    "De Ronde Venen": "Abcoude",
    "Dijk en Waard": "Heerhugowaard|Langedijk",
    "Edam-Volendam": "Zeevang",
    "Eemsdelta": "Appingedam|Delfzijl|Loppersum",
    "Eijsden-Margraten": "Eijsden|Margraten",
    "Goeree-Overflakkee": "Dirksland|Goedereede|Middelharnis|Oostflakkee",
    "Gooise Meren": "Bussum|Muiden|Naarden",
    "Groningen": "Haren|Ten Boer|Glas",
    "Haarlemmermeer": "Haarlemmerliede en Spaarnwoude",
    "Het Hogeland": "Bedum|De Marne|Eemsmond|Winsum",
    "Hoeksche Waard": "Binnenmaas|Cromstrijen|Korendijk|Oud-Beijerland|Strijen",
    "Hollands Kroon": "Anna Paulowna|Niedorp|Wieringen|Wieringermeer",
    "Krimpenerwaard": "Bergambacht|Nederlek|Ouderkerk|Schoonhoven|Vlist",
    "Land van Cuijk": "Boxmeer|Cuijk|Grave|Mill en Sint Hubert|Sint Anthonis",
    "Leeuwarden": "Leeuwarderadeel",
    "Maashorst": "Landerd|Uden",
    "Medemblik": "Andijk|Wervershoof",
    "Meierijstad": "Schijndel|Sint-Oedenrode|Veghel",
    "Midden-Groningen": "Hoogezand-Sappemeer|Menterwolde|Slochteren",
    "Molenlanden": "Giessenlanden|Graafstroom|Liesveld|Nieuw-Lekkerland",
    "Nissewaard": "Bernisse|Spijkenisse",
    "Noardeast-Fryslân": "Dongeradeel|Ferwerderadiel|Kollumerland en Nieuwkruisland",
    "Noordwijk": "Noordwijkerhout",
    "Oss": "Lith",
    "Peel en Maas": "Helden",
    "Purmerend": "Beemster",
    "Rotterdam": "Rozenburg",
    "Schagen": "Harenkarspel|Zijpe",
    "Stichtse Vecht": "Breukelen|Loenen|Maarssen",
    "Súdwest-Fryslân": "Bolsward|Littenseradiel|Nijefurd|Sneek|Wymbritseradiel|Wûnseradiel",
    "Vijfheerenlanden": "Leerdam|Vianen|Zederik",
    "Voorne aan Zee": "Brielle|Hellevoetsluis|Westvoorne",
    "Waadhoeke": "Franekeradeel|Menaldumadeel|het Bildt",
    "West Betuwe": "Geldermalsen|Lingewaal|Neerijnen",
    "Westerkwartier": "Grootegast|Leek|Marum|Zuidhorn",
    "Westerwolde": "Bellingwedde|Vlagtwedde",
    "Zevenaar": "Rijnwaarden",
}
MERGED = {old: new for new, olds in _MERGED.items() for old in olds.split("|")}
_MOVED = {
    "'s-Hertogenbosch": "Nuland|Vinkel",
    "Boxtel": "Esch",
    "Heerenveen": "Akkrum|Nes|Aldeboarn",
    "Leeuwarden": "Grou|Warten|Warstiens|Wergea|Wytgaard|Idaerd|Aegum|Eagum|Friens|Jirnsum|Reduzum|Baard|Bears"
    "|Easterlittens|Hilaard|Húns|Jellum|Jorwert|Leons|Mantgum|Weidum|Jorwerd|Oosterlittens",
    "Oisterwijk": "Haaren",
    "Oss": "Geffen",
    "Súdwest-Fryslân": "Dearsum|Poppenwier|Raerd|Sibrandabuorren|Sibrandaburen|Tersoal|Terzool",
    "De Fryske Marren": "Terherne|Terhorne",
    "Tilburg": "Biezenmortel",
    "Vught": "Helvoirt",
    "Waadhoeke": "Spannum|Winsum|Wommels|Baaium|Baijum",
    "Westerkwartier": "Ezinge|Feerwerd|Garnwerd",
}
_SPLIT = frozenset({"Boarnsterhim", "Haaren", "Littenseradiel", "Maasdonk", "Winsum"})
"""Municipalities that went to several others, so that the town decides."""
_TOWN_MOVED = {town: new for new, towns in _MOVED.items() for town in towns.split("|")}


def spelled(municipality: str) -> str:
    """A municipality's name as this product writes it."""
    return SPELLINGS.get(municipality.strip(), municipality.strip())


def municipality_now(municipality: str, province: str, town: str = "") -> str:
    """The municipality of today for one of an older list; by the town where the old one was split."""
    name = spelled(municipality)
    if name == "Bergen":
        # One of its postcodes stands in the wrong province in the table.
        return {"Noord-Holland": "Bergen (NH.)", "Limburg": "Bergen (L.)", "Flevoland": "Bergen (L.)"}.get(
            province, name
        )
    if name == "Winsum" and province == "Groningen":
        return _TOWN_MOVED[town] if town in _MOVED["Westerkwartier"].split("|") else "Het Hogeland"
    if name in _SPLIT and town in _TOWN_MOVED:
        return _TOWN_MOVED[town]
    return MERGED.get(name, name)
