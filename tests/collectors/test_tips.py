"""What a professional hands in: words, masked, in no order but always to the queue."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.tips import Observation, TipRefused, make_observation, make_tip, sentence
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
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(text: str, link: str | None, why: str) -> None:
    with pytest.raises(TipRefused, match=why):
        make_tip(MAKER, text, NOW, link)


def test_an_observation_without_a_place_is_refused() -> None:
    with pytest.raises(TipRefused, match="where"):
        make_observation(MAKER, Observation(where=" ", when="nu", what="iets"), NOW)
