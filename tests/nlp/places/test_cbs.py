"""Tables of municipalities, districts and neighbourhoods are read in the forms in which they are published."""

import pytest

from nlp.places.cbs import Area, read_cbs
from nlp.places.official_csv import OfficialFileWrong

WANTED = {
    Area("GM9001", "Waterstad"),
    Area("WK900103", "Rietdam Zuid"),
    Area("BU90010301", "Kikkerhoek"),
}


def test_one_column_of_mixed_codes() -> None:
    data = (
        '\ufeff"gwb_code_10";"gwb_code_8";"regio";"gm_naam";"recs"\r\n'
        '"NL00";"0";"Nederland";"Nederland";"Land"\r\n'
        '"GM9001    ";"9001";"Waterstad";"Waterstad";"Gemeente"\r\n'
        '"WK900103  ";"900103";"Wijk 03 Rietdam Zuid";"Waterstad";"Wijk"\r\n'
        '"BU90010301";"90010301";"Kikkerhoek";"Waterstad";"Buurt"\r\n'
    ).encode()
    read = read_cbs([("kwb.csv", data)])
    assert set(read.areas) == WANTED
    assert read.set_aside == ()


def test_bare_digits_say_their_level_by_their_number() -> None:
    data = (
        b"gwb_code_8;regio;gm_naam\n9001;Waterstad;Waterstad\n900103;Rietdam Zuid;Waterstad\n"
        b"90010301;Kikkerhoek;Waterstad\n"
    )
    assert set(read_cbs([("kwb.csv", data)]).areas) == WANTED


def test_a_column_for_each_level() -> None:
    data = (
        b"BU_CODE,BU_NAAM,WK_CODE,WK_NAAM,GM_CODE,GM_NAAM\n"
        b"BU90010301,Kikkerhoek,WK900103,Rietdam Zuid,GM9001,Waterstad\n"
    )
    assert set(read_cbs([("bw.csv", data)]).areas) == WANTED


def test_files_that_complete_each_other() -> None:
    files = [
        (
            "buurt.csv",
            b"buurtcode2026;buurtnaam2026;wijkcode2026;gemeentecode\nBU90010301;Kikkerhoek;WK900103;GM9001\n",
        ),
        ("wijk.csv", b"wijkcode2026;wijknaam2026;gemeentecode\nWK900103;Rietdam Zuid;GM9001\n"),
        ("gemeente.csv", b"gemcode2026;gemeentenaam2026\nGM9001;Waterstad\n"),
    ]
    assert set(read_cbs(files).areas) == WANTED
    with pytest.raises(OfficialFileWrong, match="GM9001"):
        read_cbs(files[:2])


def test_a_code_tells_its_district_and_its_municipality() -> None:
    area = Area("BU90010301", "Kikkerhoek")
    assert (area.level, area.district, area.municipality) == ("buurt", "WK900103", "GM9001")


def test_a_bad_code_is_set_aside_and_a_table_without_codes_refused() -> None:
    data = b"gwb_code_10;regio;gm_naam\nGM9001;Waterstad;Waterstad\nXX1;Kikkerhoek;Waterstad\n"
    [aside] = read_cbs([("kwb.csv", data)]).set_aside
    assert aside.line == 3
    with pytest.raises(OfficialFileWrong, match="no codes"):
        read_cbs([("kwb.csv", b"a;b\n1;2\n")])
