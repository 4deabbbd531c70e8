"""Handing in a tip or an observation from the screen."""

from signals.post import Post, Source
from tests.review_ui.world import World


def test_a_tip_is_masked_before_it_goes_anywhere(world: World) -> None:
    anna = world.signed_in("anna")
    sent = anna.post("/melden/tip", tekst="bel 06 12345678 of @verzonnen_iemand", link="https://example.org/p/1")
    assert sent.headers["location"] == "/melden?gedaan=reported"
    (post,) = world.sink.posts
    assert isinstance(post, Post)
    assert post.source is Source.TIP
    assert "12345678" not in post.text
    assert "verzonnen_iemand" not in post.text
    assert post.link is not None


def test_an_observation_becomes_one_sentence_with_place_and_time(world: World) -> None:
    anna = world.signed_in("anna")
    anna.post("/melden/waarneming", wat="een groep verzamelt zich", waar="station Verweg", wanneer="nu", hoeveel="20")
    (post,) = world.sink.posts
    assert isinstance(post, Post)
    assert post.source is Source.OBSERVATION
    assert "station Verweg" in post.text


def test_a_report_that_cannot_be_taken_keeps_what_was_typed(world: World) -> None:
    anna = world.signed_in("anna")
    refused = anna.post("/melden/waarneming", wat="een groep verzamelt zich", waar="", wanneer="nu")
    assert refused.status_code == 422
    assert "een groep verzamelt zich" in refused.text
    assert world.sink.posts == []
