"""What a professional hands in: words, masked, in no order but always to the queue."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.tips import Observation, TipRefused, make_observation, make_tip, sentence
from collectors.tips_code import TipCodes
from collectors.tips_photo import is_photo, is_photo_in_words
from collectors.tips_shared import sorted_out
from signals.post import Source
from tests.collectors.room import Room

NOW = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
MAKER = Room().maker()


def test_a_tip_is_masked_and_its_link_is_sealed() -> None:
    post = make_tip(MAKER, "kom naar de dam @qzcanary7 06-12345678", NOW, "https://app.example.org/qzcanary7?igsh=1")
    assert post.source is Source.TIP
    assert post.order_id is None
    assert "qzcanary7" not in repr(post)
    assert "12345678" not in post.text
    assert post.link is not None


def test_the_same_tip_twice_in_an_hour_is_one_post_and_the_next_day_another() -> None:
    first = make_tip(MAKER, "zelfde woorden", NOW)
    assert make_tip(MAKER, " zelfde woorden\n", NOW + timedelta(minutes=20)).id == first.id
    assert make_tip(MAKER, "zelfde woorden", NOW + timedelta(days=1)).id != first.id
    assert make_tip(MAKER, "andere woorden", NOW).id != first.id


def test_an_observation_becomes_a_short_dutch_sentence() -> None:
    seen = Observation(where="station Krommenie-Assendelft", when="nu", what="groep verzamelt zich", how_many="15")
    assert sentence(seen) == "Waarneming: groep verzamelt zich, 15 personen, bij station Krommenie-Assendelft, nu."
    at = Observation(where="achter de fietsenstalling", when="om 15:00", what="vechtpartij.")
    assert sentence(at) == "Waarneming: vechtpartij, achter de fietsenstalling, om 15:00."
    assert make_observation(MAKER, seen, NOW).source is Source.OBSERVATION


@pytest.mark.parametrize(
    ("text", "link", "why"),
    [
        ("   ", None, "empty"),
        ("x" * 6_000, None, "at most"),
        ("\ud800", None, "type it again"),
        ("foto.jpg", None, "faces"),
        ("data:image/png;base64,AAAA", None, "faces"),
        ("tekst", "geen adres", "no web address"),
        ("tekst", "foto.png", "faces"),
        ("data:image/png;base64," + "A" * 9_000, None, "faces"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(text: str, link: str | None, why: str) -> None:
    with pytest.raises(TipRefused, match=why):
        make_tip(MAKER, text, NOW, link)


def test_an_observation_without_a_place_is_refused() -> None:
    with pytest.raises(TipRefused, match="where"):
        make_observation(MAKER, Observation(where=" ", when="nu", what="iets"), NOW)


def test_a_number_of_people_in_odd_digits_is_taken_as_it_stands() -> None:
    assert "²" in sentence(Observation(where="school", when="nu", what="iets", how_many="²"))


@pytest.mark.parametrize("answer", ["where", "when", "how_many"])
def test_the_short_answers_of_an_observation_are_bounded(answer: str) -> None:
    seen = {"where": "school", "when": "nu", "what": "iets", "how_many": "", answer: "x" * 201}
    with pytest.raises(TipRefused, match="at most"):
        make_observation(MAKER, Observation(**seen), NOW)


@pytest.mark.parametrize(
    "typed",
    [
        *("foto.JPG", "Screenshot 2026-11-22 at 10.33.png", "DCIM/Camera/avond.heic", "film.mp4", "file:///tmp/beeld"),
        *("content://media/external/12", "kijk data:image/jpeg;base64,xx", "iVBORw0KGgoAAAANSUhEUg", "/9j/4AAQSkZJRg"),
        "https://beeld.example.org/a.webp",
    ],
)
def test_a_picture_in_place_of_words_is_known(typed: str) -> None:
    assert is_photo_in_words(typed)


@pytest.mark.parametrize(
    "typed", ["op de foto staat een mes", "zij delen het filmpje van station", "hij stuurde foto.jpg", "a.b", ""]
)
def test_words_about_a_picture_are_words(typed: str) -> None:
    assert not is_photo_in_words(typed)


def test_a_picture_is_known_by_its_first_bytes_and_a_text_never_is() -> None:
    pictures = (
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00 ftypheic",
        b"%PDF-1.7",
    )
    assert all(is_photo(start + bytes(20)) for start in (*pictures, b"BM\x9a\x00\x00\x00"))
    assert not any(is_photo(text.encode()) for text in ("BMX-baan, kom allemaal", "ftyp is geen woord", "", "RIFF"))


@pytest.mark.parametrize(
    ("title", "text", "url", "words", "link"),
    [
        ("", "kom naar het plein", "", "kom naar het plein", ""),
        (
            "",
            "kom naar het plein https://p.example.org/1?igsh=2",
            "",
            "kom naar het plein",
            "https://p.example.org/1?igsh=2",
        ),
        ("", "zie (https://p.example.org/1).", "", "zie ( ).", "https://p.example.org/1"),
        ("", "eerste regel\nhttps://p.example.org/1\ntweede", "", "eerste regel\n\ntweede", "https://p.example.org/1"),
        ("een titel", "https://p.example.org/1", "", "een titel", "https://p.example.org/1"),
        ("een titel", "de woorden", "https://p.example.org/1", "de woorden", "https://p.example.org/1"),
        ("", "https://p.example.org/1", "https://p.example.org/1", "", "https://p.example.org/1"),
        ("", "javascript:alert(1)", "javascript:alert(1)", "javascript:alert(1)", ""),
        ("", "https://[", "", "https://[", ""),
    ],
)
def test_a_share_is_sorted_into_words_and_link(title: str, text: str, url: str, words: str, link: str) -> None:
    shared = sorted_out(title, text, url)
    assert (shared.words, shared.link) == (words, link)
    assert "example" not in repr(shared)


def test_a_code_is_known_however_it_is_typed_and_only_under_its_own_key() -> None:
    codes = TipCodes(b"k" * 32)
    code = codes.new()
    assert len(code) == 14
    assert codes.new() != code
    assert codes.hash(code) == codes.hash(code.lower().replace("-", " ")) is not None
    assert TipCodes(b"x" * 32).hash(code) != codes.hash(code)
    assert codes.hash("OIL0-1111-1111") == codes.hash("0110-1111-1111")
    assert [codes.hash(wrong) for wrong in ("", "K7QM", "K7QM-4TRX-9PWU", code + "0")] == [None] * 4
    assert "k" * 8 not in repr(codes)
