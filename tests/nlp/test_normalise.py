"""What normalisation undoes, and that every character of its text points back at the given one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder_text import encoder_text
from nlp.normalise import Disguise, fold, normalise


@pytest.mark.parametrize(
    ("given_text", "rewritten"),
    [
        ("m e s mee", "mes mee"),
        ("m.e.s", "mes"),
        ("sh4nk in b1ms", "shank in bims"),
        ("z@@ndam", "zaandam"),
        ("v3rkoop je p1ncode", "verkoop je pincode"),
        ("heeeel", "heel"),
        ("h\u200bal\u00adlo ｍｅｓ 𝗺𝗲𝘀", "hallo mes mes"),
        ("mеs", "mes"),
        ("🔪 mee", " mes  mee"),
        ("5teken met een wapen$", "steken met een wapens"),
        ("g1ock en pist00l", "glock en pistool"),
        ("ki11 him 2uid", "kill him zuid"),
        ("M0RG3N", "MORGEN"),
        ("messss meees", "mes mes"),
        ("m*s k*gel sh*nk st*k*n", "mes kogel shank steken"),
        ("ste.ken wa-pen", "steken wapen"),
        ("n e e m j e m e s", "neem je mes"),
        ("nekets, lootsip!", "steken, pistool!"),
        ("stkprtj", "steekpartij"),
        ("#naschoolvechten", "na school vechten"),
        ("#NeemJeMesMee", "Neem je mes mee"),
        ("\u0441\u043e\u0441\u0430\u0456\u043f\u0435 te koop bij het station", "cocaine te koop bij het station"),
        ("ᴍᴇs ⓜⓔⓢ", "mes mes"),
        ("s\u0336t\u0336e\u0336k\u0336en", "steken"),
        ("s\u0301te\u0308k\u0323en", "steken"),
        ("mès k\u0338ömen", "mes komen"),
        ("v\u0300\u0301\u0302\u0303\u0304echten", "vechten"),
        ("v\u064eechten", "vechten"),
        ("sTeKeN mOrGeN", "steken morgen"),
        ("wIj koMEn mOrgEN mEt z\u0027n alLEn naAR dE BIMs", "wij komen morgen met z\u0027n allen naar de bims"),
        ("#sTeKeN", "#steken"),
        ("#IkKomMorgenNaarAlmere", "Ik kom morgen naar almere"),
        ("#MorgenVechtenOpQuorvelt", "Morgen vechten op Quorvelt"),
        ("#morgenvechtenquorvelt", "morgen vechten quorvelt"),
        ("setken, pitsool! Vcehten", "steken, pistool! Vechten"),
        ("vuurwpen", "vuurwapen"),
        ("neem morgen na school ꓟꓰꓢ ɱɛs mᴇꮪ mee", "neem morgen na school MES mes mes mee"),
    ],
)
def test_a_disguise_is_undone(given_text: str, rewritten: str) -> None:
    assert normalise(given_text).text == rewritten


HARMLESS = [
    "020 x11 6e uur 5a 2kb", "o.a. B.V. R.I.P.", "ik 8 het", "привет", "так", "één café", "[@] [link]",
    "3 euro €5 €100 50% 2,50", "14:30 8uur 5min", "M3 A4 A4tje N242 A10", "B&B Q&A R&B", "c++ c#", "020 075 010",
    "Dorpsstraat 12a, 1506 ZZ", "'s-Gravenhage 's-Hertogenbosch", "a.u.b. o.l.v. z.o.z. U.S.A.", "2-1 3-0 24/7 4x4",
    "h4a v5b klas3b havo5 groep8", "ps5 mp3 gta5 fifa25 iphone14 ak47 mac10", "1v1 b2b f1 K3 1op1", "W8 ff, gr8",
    "a b c", "stop!nu hoi!", "*zucht* 2*3", "Sem regen lager negen", "sms btw vwo mbt", "tram5 lijn5 level5",
    "#school #zaandam #fyp", "e-mail wifi-code T-shirt k-pop", "covid19 C1000 3fm", "slpn rppn", "fvd@iemand",
    "m3akom l7rira", "t/m en/of ma/di m/v km/h",
    "één, vóór, dáár, coördinaat, geïnteresseerd, reünie, crèche, scène, maïs, façade, piñata, niño",
    "Łódź, Gdańsk, čeština, şimdi, ağaç, ılık, får, øl, þetta, Đà Nẵng, được",
    "שָׁלוֹם", "السَّلَامُ عَلَيْكُمْ", "สวัสดีครับ", "नमस्ते दुनिया", "ёлка, йогурт", "ή άλλη",
    "iPhone, iPad, eBay, YouTube, WhatsApp, McDonald's, PvdA, FvD, GroenLinks, IJburg, IJsselstein, ID's, kWh, mRNA",
    "WIJ KOMEN MORGEN", "dalen, bedriegen, schol, deler, menemen", "μ, Δt, 5 μg",
]  # fmt: skip


@pytest.mark.parametrize("plain", HARMLESS)
def test_what_is_no_disguise_stays_as_it_is(plain: str) -> None:
    assert normalise(plain).text == plain


@pytest.mark.parametrize(
    ("given_text", "what"),
    [
        ("m e s", Disguise.SPACED),
        ("m3s", Disguise.LEET),
        ("messss", Disguise.STRETCHED),
        ("m*s", Disguise.STARRED),
        ("nekets", Disguise.REVERSED),
        ("stkprtj", Disguise.SHORTENED),
        ("#naschoolvechten", Disguise.GLUED),
        ("🔪", Disguise.EMOJI),
        ("mеs", Disguise.LOOKALIKE),
        ("𝗺𝗲𝘀", Disguise.UNICODE),
        ("m\u0336e\u0336s", Disguise.MARKED),
        ("sTeKeN", Disguise.MIXED_CASE),
        ("setken", Disguise.MISTYPED),
        ("​", Disguise.INVISIBLE),
    ],
)
def test_every_rewrite_says_where_it_was_and_what_was_undone(given_text: str, what: Disguise) -> None:
    made = normalise(f"ik heb {given_text} hier")
    assert what in {undone.what for undone in made.undone}
    assert all(7 <= undone.start < undone.end <= 7 + len(given_text) for undone in made.undone)


@pytest.mark.parametrize("plain", HARMLESS)
def test_where_nothing_is_rewritten_nothing_is_said_to_be(plain: str) -> None:
    assert normalise(plain).undone == ()


@given(st.text(alphabet="abemnst e.*#310!@$", max_size=80))
def test_normalising_twice_changes_little_more_and_keeps_its_map(text: str) -> None:
    made = normalise(text)
    assert len(normalise(made.text).text) <= len(made.text) + made.text.count("#") * len(made.text)
    for undone in made.undone:
        assert 0 <= undone.start < undone.end <= len(text)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_every_span_lies_inside_the_given_text_and_order_is_kept(text: str) -> None:
    made = normalise(text)
    assert len(made.starts) == len(made.ends) == len(made.text)
    last = 0
    for start, end in zip(made.starts, made.ends, strict=True):
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start


@given(st.text(alphabet="mesSTEKENaéïß#. \u0336\u0301\u0308\u064e\ufe0f\u20e3еѕսꮪıIİ🔪", max_size=120))
def test_letters_dressed_up_keep_their_place(text: str) -> None:
    made = normalise(text)
    assert len(made.starts) == len(made.ends) == len(made.text)
    assert list(made.starts) == sorted(made.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(made.starts, made.ends, strict=True))
    assert all(0 <= undone.start < undone.end <= len(text) for undone in made.undone)


def test_every_letter_without_its_strokes_points_at_itself_and_them() -> None:
    given_text = "nu s\u0336t\u0336e\u0336k\u0336en"
    made = normalise(given_text)
    at = made.text.index("steken")
    assert [given_text[slice(*made.original(here, here + 1))] for here in range(at, at + 6)] == [
        "s\u0336", "t\u0336", "e\u0336", "k\u0336", "e", "n",
    ]  # fmt: skip
    assert [(one.start, one.end, one.what) for one in made.undone] == [(3, len(given_text), Disguise.MARKED)]


def test_words_of_a_cut_hashtag_keep_their_place() -> None:
    made = normalise("zie #NeemJeMesMee!")
    at = made.text.index("mes")
    assert made.original(at, at + 3) == (11, 14)


@pytest.mark.parametrize("composed", ["één coördinaat", "Nẵng", "mès vèchten", "Gdańsk ḥalāl"])
def test_how_an_accent_is_coded_makes_no_difference(composed: str) -> None:
    assert normalise(unicodedata.normalize("NFD", composed)).text == normalise(composed).text


@given(st.text(max_size=200))
def test_the_encoder_text_maps_back_into_the_masked_text(text: str) -> None:
    made = encoder_text(text)
    if made.text:
        start, end = made.original(0, len(made.text))
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "#",
        "a ",
        "$a",
        "a.",
        "🔪",
        "4a",
        "e\u0301",
        "e\u0336",
        "\u0336",
        "aB",
        "е",
        "\u202ea",
        "*a",
        "#ab",
        "st*k ",
        "m.",
        "0a1b",
        "aaab",
    ],
)
def test_long_odd_input_takes_bounded_time(unit: str) -> None:
    normalise(unit * 20_000)
