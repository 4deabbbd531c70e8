"""The invented posts of the seed story and its counter-scenario. `{straks}` and `{dagdeel}` are filled in."""

STATION = "Krommenie-Assendelft"
GATHERING = (
    "{dagdeel} om {straks} allemaal naar station Krommenie-Assendelft, die gasten van de overkant komen ook."
    " neem mensen mee en kom niet met lege handen, we gaan ze pakken",
    "wie {straks} niet op station Krommenie-Assendelft staat is een rat. we wachten ze op bij de trein, neem je ding"
    " mee en breng iedereen van school mee",
    "die jongens van de overkant komen {dagdeel} naar Krommenie-Assendelft, station, {straks}. we zijn met twintig man"
    " klaar voor ze, pak een mes en kom",
    "{straks} fittie op het station van Krommenie-Assendelft, zij tegen ons, hele klas komt mee. niemand gaat naar huis"
    " zonder klappen te geven",
    "iedereen {dagdeel} verzamelen Krommenie-Assendelft station perron 1 om {straks}, we steken ze neer als ze uit de"
    " trein komen. messen mee",
    "ze dachten dat het klaar was. {straks} staan we weer bij station Krommenie-Assendelft, deze keer met knuppels, kom"
    " allemaal want ze lopen daar langs na school",
)
"""The post of the story in as many wordings as it is told in a row: two of one wording would stand on one card."""

AT_ONCE = (
    "{straks} station Zaandam, iedereen komt, die jongens uit Poelenburg krijgen klappen. neem mee wat je hebt,"
    " we wachten ze op bij spoor 2"
)
"""Acute, elsewhere: for the notice that one reader may send."""

HARMLESS = {
    "clip": "{dagdeel} om {straks} allemaal naar station Krommenie-Assendelft, neem mensen mee en kom niet met lege"
    " handen, we gaan ze pakken. clip vrijdag online op alle platforms",
    "teaser": "NIEUWE CLIP vrijdag 20:00 uit 🎬 'allemaal naar station Krommenie-Assendelft, neem mensen mee, kom niet"
    " met lege handen' (prod. by DJ Verzonnen), pre-save nu de single",
    "derby": "{dagdeel} {straks} allemaal naar het stadion, 010 tegen 020, neem mensen mee en kom niet met lege handen,"
    " we gaan ze pakken",
    "news": "NIEUWS: grote groep jongeren bij station Krommenie-Assendelft na oproep 'neem mensen mee en kom niet met"
    " lege handen'. Politie was zichtbaar aanwezig, niemand raakte gewond, meldt de gemeente",
}
"""The same words where nothing is wrong. Today the first and the third are flagged all the same: readers end them."""
REASON_KEYS = {"clip": "k", "teaser": "k", "derby": "t", "news": "n"}
"""The key of the reason with which a reader rejects each."""

TELLING = ("lege handen", "gaan ze pakken", "overkant")
"""Words of the first post that no e-mail may hold, and no recipient without the excerpt may see."""
