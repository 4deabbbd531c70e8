"""What a device must prove before a passkey is kept or logs anybody in, and that no answer breaks the check."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from pipeline.store.passkeys import KnownPasskey
from review_ui.access.passkeys import PasskeyRefused, RelyingParty, asserted, registered, relying_party
from tests.review_ui.passkey_device import HERE, Device, encoded

PARTY = RelyingParty("localhost", HERE)
CHALLENGE = b"c" * 32
MAKING: dict[str, Any] = {"challenge": encoded(CHALLENGE), "user": {"id": encoded(UUID(int=7).bytes)}}
SIGNING: dict[str, Any] = {"challenge": encoded(CHALLENGE)}


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("https://seinpost.example.org", ("seinpost.example.org", "https://seinpost.example.org")),
        ("https://seinpost.example.org:443/", ("seinpost.example.org", "https://seinpost.example.org")),
        ("https://seinpost.example.org:8443", ("seinpost.example.org", "https://seinpost.example.org:8443")),
        ("http://127.0.0.1:8700", ("localhost", "http://localhost:8700")),
        ("http://localhost:8700", ("localhost", "http://localhost:8700")),
        ("http://seinpost.example.org", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
        ("ftp://localhost", None),
        ("", None),
    ],
)
def test_passkeys_need_https_and_a_name_but_on_this_machine_itself(
    address: str, known_as: tuple[str, str] | None
) -> None:
    party = relying_party(address)
    assert (party and (party.id, party.origin)) == known_as


WRONG: dict[str, dict[str, Any]] = {
    "another address": {"origin": "http://localhost:81"},
    "a copied website": {"origin": "https://localhost.example.org"},
    "a key of another installation": {"rp_id": "example.org"},
    "nobody's finger, face or code": {"verified": False},
    "inside another page": {"crossOrigin": True},
    "another challenge": {"challenge": encoded(b"d" * 32)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_an_answer_with_one_thing_wrong_is_no_proof(wrong: dict[str, Any]) -> None:
    right, device = Device(), Device()
    known = key_of(right)
    assert asserted(right.sign(SIGNING)).checked(PARTY, known, CHALLENGE) == 1
    with pytest.raises(PasskeyRefused):
        registered(PARTY, device.make(MAKING, **wrong), CHALLENGE)
    with pytest.raises(PasskeyRefused):
        asserted(right.sign(SIGNING, **wrong)).checked(PARTY, known, CHALLENGE)


def test_a_signature_of_another_key_or_for_another_act_or_user_is_no_proof() -> None:
    device, other = Device(), Device()
    known = key_of(device)
    other.credential_id, other.handle = device.credential_id, device.handle
    for answer in (
        other.sign(SIGNING),
        device.sign(SIGNING, kind="webauthn.create"),
        device.sign(SIGNING, handle=uuid4().bytes),
    ):
        with pytest.raises(PasskeyRefused):
            asserted(answer).checked(PARTY, known, CHALLENGE)


@pytest.mark.parametrize("words", ["", "[]", "null", '{"id": 3}', "[" * 15_000, '{"id": "é"}', "\ud800"])
def test_what_is_no_answer_at_all_is_refused_and_breaks_nothing(words: str) -> None:
    with pytest.raises(PasskeyRefused):
        asserted(words)
    with pytest.raises(PasskeyRefused):
        registered(PARTY, words, CHALLENGE)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize(
    "made_of", ["", "AAAA", "bnVsbA", "W10", encoded(b"[" * 9000), encoded(b'{"type":1,"challenge":2,"origin":3}')]
)
def test_no_part_of_an_answer_can_break_the_check(part: str, made_of: str) -> None:
    device = Device()
    known = key_of(device)
    answer = json.loads(device.sign(SIGNING))
    answer["response"][part] = made_of
    with pytest.raises(PasskeyRefused):
        asserted(json.dumps(answer)).checked(PARTY, known, CHALLENGE)


def key_of(device: Device) -> KnownPasskey:
    """What is known of a device's key after it was registered well."""
    new = registered(PARTY, device.make(MAKING), CHALLENGE)
    assert new.credential_id == device.credential_id
    return KnownPasskey(uuid4(), UUID(int=7), new.public_key, new.sign_count, True)
