"""The phone is the first channel: that somebody was called is noted where the answers stand, and colleagues see it."""

from uuid import UUID, uuid4

from tests.review_ui.test_forwarding import confirmed, contacts_on
from tests.review_ui.world import World


def forwarded(world: World) -> tuple[UUID, UUID]:
    """A signal that was sent to a school and a police officer; it and the school's referral."""
    world.add_directory()
    anna = world.signed_in("anna")
    signal = confirmed(world, anna)
    anna.post(f"/signaal/{signal}/doorzetten", ontvanger=contacts_on(anna.get(f"/signaal/{signal}").text))
    referral = world.one("SELECT id FROM referrals WHERE kind = 'school'")
    assert isinstance(referral, UUID)
    return signal, referral


def test_a_call_is_noted_once_with_its_time_and_on_the_trail(world: World) -> None:
    signal, referral = forwarded(world)
    bram = world.signed_in("bram")
    page = bram.get(f"/signaal/{signal}").text
    assert page.count(">Gebeld<") == 2
    assert "0 van 2 bevestigden de ontvangst" in page
    answer = bram.post(f"/signaal/{signal}/gebeld", doorgeleiding=str(referral))
    assert answer.headers["location"] == f"/signaal/{signal}?gedaan=called#stand"
    after = bram.get(f"/signaal/{signal}/stand").text
    assert "gebeld vandaag" in after
    assert after.count(">Gebeld<") == 1, "who was called needs no second button"
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%referral_called%%'") == 1


def test_the_api_notes_a_call_by_the_same_rules(world: World) -> None:
    signal, referral = forwarded(world)
    anna, dunya = world.signed_in("anna"), world.signed_in("dunya")
    assert anna.call(f"/signals/{signal}/referrals/{uuid4()}/call").json()["error"] == "unknown_referral"
    assert anna.call(f"/signals/{signal}/referrals/{referral}/call").status_code == 204
    seen = anna.get(f"/api/v1/signals/{signal}").json()["referrals"]
    assert sum(one["called_at"] is not None for one in seen) == 1
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, 'brin:90XX01', 'school', 'X')",
            (signal,),
        )
    assert dunya.call(f"/signals/{signal}/referrals/{referral}/call").status_code == 404, "her own school is named"


def test_what_a_recipient_answers_rings_on_the_pages_that_stand_open(world: World) -> None:
    _, referral = forwarded(world)
    with world.owner() as listening, world.owner() as owner:
        listening.execute("LISTEN seinpost_queue")
        owner.execute("UPDATE referrals SET state = 'sent' WHERE id = %s", (referral,))
        assert list(listening.notifies(timeout=0.3)) == [], "sending rings nothing: a thousand notices are no news"
        owner.execute("UPDATE referrals SET state = 'acknowledged' WHERE id = %s", (referral,))
        assert len(list(listening.notifies(timeout=2, stop_after=1))) == 1
