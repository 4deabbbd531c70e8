"""What is asked of a device that makes or uses a passkey, and whether its answer holds. It stores nothing.

A passkey counts as both factors: the device itself, and the finger, face or code that the device asked for. Who made
the device is not asked (no attestation): a school's phone is as good as a security key.
"""

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pipeline.store.passkeys import CHALLENGE_LIVES, KnownPasskey, NewPasskey
from pipeline.store.users import User

LONGEST_ANSWER = 20_000
"""Characters of JSON. The longest that devices send is some thousands."""

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT_MS = int(CHALLENGE_LIVES.total_seconds() * 1000)
# What a hostile answer makes of the parsers besides their own errors: wrong types, lengths and encodings.
_MALFORMED = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class PasskeyRefused(Exception):
    """The device's answer does not hold. Nothing says why: who asks honestly tries again, or types the password."""


@dataclass(frozen=True)
class RelyingParty:
    """This installation as a device knows it. A key answers here and nowhere else."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty | None:
    """Who we are for devices, from the address that people type; None where browsers allow no passkeys.

    That takes https and a name, not a number; on this machine itself `http://localhost` will do, as for the demo.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    if usual is not None and host in _THIS_MACHINE:
        return RelyingParty("localhost", f"{parts.scheme}://localhost{port}")
    if parts.scheme != "https" or not host or _is_number(host):
        return None
    return RelyingParty(host, f"https://{host}{port}")


def asked_to_register(party: RelyingParty, user: User, challenge: bytes, known: list[bytes]) -> dict[str, Any]:
    """What a browser is given to make a key that can be found without a name and asks for finger, face or code."""
    return options_to_json_dict(
        webauthn.generate_registration_options(
            rp_id=party.id,
            rp_name="Seinpost",
            user_id=user.id.bytes,
            user_name=user.username,
            user_display_name=user.display_name,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def asked_to_sign_in(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """What a browser is given to let somebody choose a key. It names no user and no key."""
    return options_to_json_dict(
        webauthn.generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def registered(party: RelyingParty, answer: str, challenge: bytes) -> NewPasskey:
    """The key that a device made for this challenge. Raises PasskeyRefused."""
    try:
        credential = parse_registration_credential_json(answer)
        _not_inside_another_page(credential.response.client_data_json)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _MALFORMED as wrong:
        raise PasskeyRefused("the device's answer does not hold; begin again") from wrong
    if made.credential_id != credential.raw_id:
        raise PasskeyRefused("the answer names another key than the device signed")
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


@dataclass(frozen=True)
class Assertion:
    """A device's answer to a challenge, read but not yet checked."""

    credential_id: bytes
    _answer: AuthenticationCredential

    def checked(self, party: RelyingParty, known: KnownPasskey, challenge: bytes) -> int:
        """How often the device says that this key signed, when all else holds. Raises PasskeyRefused.

        The count is the caller's to judge: only once the signature holds does a count that went back mean a copy.
        """
        try:
            _not_inside_another_page(self._answer.response.client_data_json)
            signed = webauthn.verify_authentication_response(
                credential=self._answer,
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=party.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _MALFORMED as wrong:
            raise PasskeyRefused("the device's answer does not hold; begin again") from wrong
        if self._answer.response.user_handle != known.user_id.bytes:
            raise PasskeyRefused("the key is not of whom the device says")
        return signed.new_sign_count


def asserted(answer: str) -> Assertion:
    """Read a device's answer. Raises PasskeyRefused when it is none."""
    try:
        credential = parse_authentication_credential_json(answer)
    except _MALFORMED as wrong:
        raise PasskeyRefused("this is no answer of a device; begin again") from wrong
    return Assertion(credential.raw_id, credential)


def _not_inside_another_page(client_data: bytes) -> None:
    if parse_client_data_json(client_data).cross_origin:
        raise PasskeyRefused("another page asked for this key")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
