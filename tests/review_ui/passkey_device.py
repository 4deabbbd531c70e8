"""An invented device that makes passkeys and signs with them, and can be told to do each thing wrong."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

HERE = "http://localhost"
_PRESENT, _VERIFIED, _HOLDS_KEY = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    """Bytes as a browser writes them."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(words: str) -> bytes:
    """And back."""
    return urlsafe_b64decode(words + "==")


class Device:
    """One key of one user. `count` is how often it signed; `verified` whether it asked for finger, face or code."""

    def __init__(self) -> None:
        self.credential_id = token_bytes(32)
        self.count = 0
        self.handle = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(
        self,
        asked: Mapping[str, Any],
        origin: str = HERE,
        rp_id: str = "localhost",
        verified: bool = True,
        **more: object,
    ) -> str:
        """What the browser hands in for a new key."""
        self.handle = decoded(asked["user"]["id"])
        point = self._key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        held = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(rp_id, verified, _HOLDS_KEY) + held
        return self._answer(
            clientDataJSON=self._client("webauthn.create", asked["challenge"], origin, more),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def sign(
        self,
        asked: Mapping[str, Any],
        origin: str = HERE,
        rp_id: str = "localhost",
        verified: bool = True,
        kind: str = "webauthn.get",
        handle: bytes | None = None,
        **more: object,
    ) -> str:
        """What the browser hands in to log in; the device counts one further."""
        self.count += 1
        data = self._data(rp_id, verified)
        client = self._client(kind, asked["challenge"], origin, more)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=handle or self.handle
        )

    def _data(self, rp_id: str, verified: bool, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str, more: Mapping[str, object]) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, **more}).encode()

    def _answer(self, **response: bytes) -> str:
        name = encoded(self.credential_id)
        parts = {part: encoded(raw) for part, raw in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})
