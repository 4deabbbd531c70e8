"""Letters of other alphabets, and odd Latin ones, that look like a letter of ours.

Known by their Unicode names, so that every hook, tail and stroke comes along; which words are disguised with them is
decided elsewhere.
"""

import re
import unicodedata

_ALIKE = {
    "GREEK": """
        alpha=a/A beta=b/B gamma=y epsilon=e/E zeta=/Z eta=n/H theta=o/O iota=i/I kappa=k/K lamda=/A mu=u/M
        nu=v/N omicron=o/O rho=p/P sigma=o final_sigma=c lunate_sigma_symbol=c/C tau=t/T upsilon=u/Y chi=x/X omega=w
        yot=j/J digamma=f/F san=m/M
    """,
    "CYRILLIC": """
        a=a/A ve=b/B ghe=r ie=e/E ze=e/E i=u ka=k/K em=m/M en=h/H o=o/O pe=n/N er=p/P es=c/C te=t/T u=y/Y ha=x/X
        sha=w/W shcha=w/W soft_sign=b/B hard_sign=b/B dze=s/S je=j/J byelorussian-ukrainian_i=i/I yi=i/I palochka=l/I
        shha=h/H komi_de=d/D qa=q/Q we=w/W izhitsa=v/V omega=w/W straight_u=y/Y abkhasian_che=e/E io=e/E short_i=u
        short_u=y/Y tshe=h/H dje=h/H tall_te=t/T barred_o=o/O
    """,
    "ARMENIAN": """
        ayb=w/U gim=q za=q/Q ini=h to=p/P liwn=l/L ho=h yi=j now=/U vo=n/N ra=n seh=u/U tiwn=/S co=g keh=p oh=o/O
    """,
    "COPTIC": """
        alfa=a/A vida=b/B eie=e/E zata=z/Z hate=h/H thethe=o/O iauda=i/I kapa=k/K mi=m/M ni=n/N o=o/O ro=p/P sima=c/C
        tau=t/T ua=y/Y khi=x/X oou=w/W
    """,
    "LATIN": """
        alpha=a iota=i/I upsilon=u/U gamma=y chi=x/X omega=w tone_six=b/B tone_two=s/S tone_five=s/S eng=n/N kra=k
        eth=d/D thorn=p/P ezh=z/Z
    """,
}
"""For each alphabet the names of its letters and what the small and the large one look like; one sign counts twice."""
_SIGNS = {
    "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᎮᏒᏚᎢᏙᎳᏃᏢᎡᏔᎶᏂᏏ": "ABCDEGHiJKLMPRSTVWZPRWGhb",
    "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ": "ABCDEFGHIJKLMNOPRSTUVWXYZ",
    "ᴦᴨ": "rn",
}
"""Cherokee and Lisu, whose names say how they sound, and letters that look otherwise than their name says."""
_BLOCKS = (
    (0x110, 0x111),
    (0x126, 0x127),
    (0x131, 0x131),
    (0x138, 0x138),
    (0x141, 0x142),
    (0x14A, 0x14B),
    (0x166, 0x167),
    (0x180, 0x1BF),
    (0x1E4, 0x1E5),
    (0x221, 0x2AF),
    (0x370, 0x52F),
    (0x531, 0x587),
    (0x13A0, 0x13F5),
    (0x1D00, 0x1D7F),
    (0x2C60, 0x2CE3),
    (0xA4D0, 0xA4FF),
    (0xA726, 0xA7FF),
    (0xAB30, 0xAB64),
    (0xAB70, 0xABBF),
)
_NAME = re.compile(
    r"(GREEK|CYRILLIC|ARMENIAN|COPTIC|LATIN) (?:SMALL LETTER|CAPITAL LETTER|LETTER SMALL CAPITAL|SMALL|CAPITAL)"
    r"(?: (?:SCRIPT|OPEN|DOTLESS|REVERSED|TURNED|INSULAR|BLACKLETTER|CLOSED|LENIS|ARCHAIC|BARRED))? "
    r"([A-Z -]+?)(?: WITH .+)?"
)


def _shapes() -> dict[tuple[str, str], tuple[str, str]]:
    """Alphabet and letter, as Unicode names them, and how the small and the large letter look; '' for neither."""
    made: dict[tuple[str, str], tuple[str, str]] = {}
    for alphabet, letters in _ALIKE.items():
        for entry in letters.split():
            name, _, looks = entry.partition("=")
            small, _, large = looks.partition("/")
            made[alphabet, name.replace("_", " ").upper()] = small, large
    return made


def _table() -> dict[str, str]:
    shapes = _shapes()
    made: dict[str, str] = {}
    for first, last in _BLOCKS:
        for character in map(chr, range(first, last + 1)):
            name = unicodedata.name(character, "")
            found = _NAME.fullmatch(name)
            if found is None:
                continue
            alphabet, letter = found.groups()
            same = (letter.lower(), letter) if alphabet == "LATIN" and len(letter) == 1 else ("", "")
            small, large = shapes.get((alphabet, letter), same)
            look = large if "CAPITAL" in name and "SMALL" not in name else small
            if look:
                made[character] = look
    for signs, looks in _SIGNS.items():
        for sign, look in zip(signs, looks, strict=True):
            made[sign] = look
            if sign.lower() != sign:
                made[sign.lower()] = look.lower()
    return made


LOOKALIKES = str.maketrans(_table())
"""What each letter looks like."""
ORTHOGRAPHY = frozenset("ÐØÞðøþĐđĦħıĸŁłŊŋŦŧƠơƯư")
"""Odd Latin letters that a language of our readers writes every day, such as Danish, Polish, Turkish, Vietnamese."""
