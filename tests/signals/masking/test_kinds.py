"""What points to a person goes, kind by kind, also in the ways young people write it; what only looks like it stays."""

import pytest

from signals.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("@bokkie.verzonnen je bent live", "[@] je bent live"),
        ("pak @lil_bokkie na school.", "pak [@] na school."),
        ("volg @bokkie.bsky.social", "volg [@]"),
        ("volg bokkie.bsky.social maar", "volg [@] maar"),
        ("via @bokkie@server.voorbeeld gezien", "via [@] gezien"),
        ("zie u/bokkie075 en /u/bokkie075", "zie [@] en [@]"),
        ("join t.me/bokkie075 nu", "join [@] nu"),
        ("https://t.me/bokkie075/12", "[@]"),
        ("insta: bokkie", "insta: [@]"),
        ("snap bokkie075", "snap [@]"),
        ("add me op snap bokkie", "add me op snap [@]"),
        ("mijn snap is bokkie", "mijn snap is [@]"),
        ("sc: bokkie.z9", "sc: [@]"),
        ("tiktok @ bokkie", "tiktok @ [@]"),
        ("discord bokkie#1234", "discord [@]"),
        ("zoek hem bro@bokkie_075", "zoek hem bro[@]"),
        ("@\u200bbok\u200bkie kom", "[@] kom"),
    ],
)
def test_handles_go(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "z@@ndam is dood",
        "kom met je w@pen",
        "@ 16:00 bij station",
        "fight @16:00",
        "insta doet niets",
        "snap dat niet",
        "ik snap je wel",
        "via snap groep gaat het rond",
        "zij/haar en jij/u/jullie",
    ],
)
def test_what_only_looks_like_a_handle_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("kijk https://voorbeeld.invalid/a?b=c#d, nu", "kijk [link], nu"),
        ("(http://voorbeeld.invalid/a)", "([link])"),
        ("[filmpje](https://voorbeeld.invalid/a) kijk", "[filmpje]([link]) kijk"),
        ("www.voorbeeld.invalid is leeg", "[link] is leeg"),
        ("voorbeeld.invalid/pad/1 kijk", "[link] kijk"),
        ("koop op voorbeeldwinkel.nl!", "koop op [link]!"),
        ("hxxps://voorbeeld[.]invalid/x", "[link]"),
        ("h\u200bttps://voor\u00adbeeld.invalid/x", "[link]"),
        ("ｈｔｔｐｓ://voorbeeld。invalid/x", "[link]"),
        ("discord.gg/AbC12 en wa.me/31600000000", "[link] en [link]"),
        ("t.me/+AbCdEf123", "[link]"),
        ("voorbeeld(.)nl/foto", "[link]"),
    ],
)
def test_links_go(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    ["kom naar huis.me moeder wacht", "s.v.p. komen", "en/of morgen", "24/7 open...", "12:00/13:00 bij de kluisjes"],
)
def test_ordinary_dots_and_slashes_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "number",
    [
        "0612345678", "06-12345678", "06 12 34 56 78", "06.12.34.56.78", "o6 12345678", "06-1234o678", "(06) 12345678",
        "+31 6 12345678", "+31(0)612345678", "0031 6 1234 5678", "075-6123456", "0318-212121", "020 6123456",
        "nul zes een twee drie vier vijf zes zeven acht", "06 een 2 drie 4 vijf 6 zeven 8", "0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "+32 470 12 34 56", "0470 12 34 56", "+597 812-3456", "+44 20 7946 0000", "٠٦١٢٣٤٥٦٧٨",
    ],
)  # fmt: skip
def test_phone_numbers_go(number: str) -> None:
    assert mask(f"hit me op {number} vandaag").text == "hit me op [telefoon] vandaag"


def test_a_local_number_goes_where_the_text_says_it_is_one() -> None:
    assert mask("app me op 8123456").text == "app me op [telefoon]"


@pytest.mark.parametrize(
    "text",
    [
        "020 tegen 075 en 010", "bel 112", "113 is er voor je", "bel 0900-8844", "zaterdag 06-12-2026 14:00 station",
        "€ 1.500 voor 3 stuks", "14.30 uur", "10-0 voor ons", "200-250 man", "jaar 2026", "maat 42,5",
    ],
)  # fmt: skip
def test_public_numbers_dates_and_area_codes_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "address",
    [
        "bok.kie@voorbeeld.invalid", "bok+kie@mail.voorbeeld.invalid", "bokkie (at) voorbeeld [dot] invalid",
        "bokkie[at]voorbeeld.nl", "bokkie at voorbeeld dot nl", "bokkie apenstaartje voorbeeld punt nl",
        "bok\u200bkie@voorbeeld.invalid",
    ],
)  # fmt: skip
def test_e_mail_addresses_go(address: str) -> None:
    assert mask(f"mail {address} nu").text == "mail [e-mail] nu"


@pytest.mark.parametrize(
    "number",
    [
        "NL00BANK0123456789",
        "NL00 BANK 0123 4567 89",
        "nl00 bank 0123 4567 89",
        "BE00 1234 5678 9012",
        "nl00bank0123456789",
    ],
)
def test_ibans_go_and_the_next_word_stays(number: str) -> None:
    assert mask(f"tikkie {number} graag").text == "tikkie [iban] graag"


@pytest.mark.parametrize(
    "plate",
    [
        "AB-12-34", "12-34-AB", "12-AB-34", "BD-12-GH", "BD-GH-12", "12-BD-GH", "12-BDG-3", "1-BDG-23", "BD-123-G",
        "B-123-DG", "BDG-12-H", "B-12-DGH", "1-BD-234", "123-BD-4", "gz-123-k", "GZ123K", "1-ABC-234",
    ],
)  # fmt: skip
def test_plates_go(plate: str) -> None:
    assert mask(f"de polo {plate} staat er").text == "de polo [kenteken] staat er"


def test_a_plate_in_any_form_goes_after_a_word_that_announces_it() -> None:
    assert mask("kenteken ab 12 cd").text == "kenteken [kenteken]"


@pytest.mark.parametrize(
    "text", ["ja-ja-10", "WK2026", "1506AB Zaandam", "klas 4B-2", "3-2-1 los", "5 havo", "EK 2024"]
)
def test_what_is_no_plate_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Westzijde 75", "Westzijde [nr]"),
        ("Gedempte Gracht 12-B om 3 uur", "Gedempte Gracht [nr] om 3 uur"),
        ("kerkstraat 4 hs", "kerkstraat [nr]"),
        ("Jan van Galenstraat 31-3", "Jan van Galenstraat [nr]"),
        ("Laan van Verzinsel 12a", "Laan van Verzinsel [nr]"),
        ("Damrak 12", "Damrak [nr]"),
        ("dorpsweg nr 7, deur is open", "dorpsweg nr [nr], deur is open"),
        ("1506 AB 75", "1506 AB [nr]"),
        ("huisnummer 12", "huisnummer [nr]"),
    ],
)
def test_house_numbers_go_and_the_street_stays(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Damstraat 20:00", "Westzijde 15.30 uur", "Damstraat 3 man", "op straat 12 jongens",
        "lijn 4 op het plein 5 min",
        "jongen van 15", "4e klas", "5 havo", "onderweg 5 min", "Zaandam 075",
        "Rotterdam 2 - 1", "schoolplein 2 gasten",
        "antwoord 3", "Plein 40-45",
    ],
)  # fmt: skip
def test_times_ages_and_amounts_after_a_street_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "text", ["[@] [link] [telefoon] [e-mail] [iban] [kenteken] [nr] [naam]", "@user <url> kijk", ""]
)
def test_a_masked_text_stays_as_it_is(text: str) -> None:
    masked = mask(text)
    assert masked.text == text
    assert masked.named_text is None
