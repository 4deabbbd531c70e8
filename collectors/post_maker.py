"""The one way from what a source gave to a masked `Post`. After it nothing unmasked is left.

It sends nothing and stores nothing; refusing is a `Refused` with a reason code.
"""

import base64
import re
from datetime import datetime
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from collectors.links import canonical
from collectors.refused import Refused
from collectors.scope import ScopeGate
from collectors.sealing import Sealer
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.ids import IdKey
from signals.masking import mask
from signals.moment import tellable
from signals.post import MAX_TEXT, Post, PostRemoved

MAX_REVISION = 2**62
"""PostgreSQL keeps a revision as bigint; a source that claims more is wrong."""

_HERE = "collectors/post_maker.py"
# Language, script, region: the further parts that RFC 5646 allows have room for a handle or a phone number.
_LANG = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?$")
# NUL cannot be stored and other control characters do nothing but hide words or speak to terminals.
_CONTROLS = {c: None for c in (*range(0x20), 0x7F) if chr(c) not in "\n\t"}


class PostMaker:
    """Masks, hashes and seals with the keys of this installation."""

    def __init__(self, id_key: IdKey, sealer: Sealer) -> None:
        self._id_key = id_key
        self._sealer = sealer

    def make(
        self, found: UnmaskedPost, gate: ScopeGate | None, order_id: UUID | None, seen_at: datetime
    ) -> Post | None:
        """The masked post, or None when it is outside the scope. Raises `Refused` when it cannot be a post.

        The scope is asked twice: on the raw text because that is cheap, and on the text without handles and links, so
        that no order can follow a person by naming a handle.
        """
        if gate is not None and not (
            gate.lets_in_source(found.source)
            and gate.lets_in_language(found.lang)
            and gate.lets_in_text(found.text, found.hashtags)
        ):
            return None
        text = _storable(found.text)
        post_id, event_id = self.ids(found)
        masked = mask(text)
        if gate is not None and not gate.lets_in_text(masked.named_text or masked.text, found.hashtags):
            return None
        if len(masked.text) > MAX_TEXT:
            raise Refused(DeadReason.TOO_LARGE, "text", _HERE)
        day = seen_at.date()
        link = canonical(found.link) if found.link is not None and _encodable(found.link) else None
        return Post(
            id=post_id,
            event_id=event_id,
            revision=found.revision,
            source=found.source,
            order_id=order_id,
            text=masked.text,
            lang_hint=_lang(found.lang),
            posted_at=found.posted_at if found.posted_at and tellable(found.posted_at) else None,
            seen_at=seen_at,
            link=None if link is None else self._sealer.seal(link, day),
            link_hash=None if link is None else self._id_key.link_hash(link),
            names=None if masked.named_text is None else self._sealer.seal(masked.named_text, day),
        )

    def ids(self, found: UnmaskedPost | Gone) -> tuple[UUID, UUID]:
        """The ids of a post and of this version of it. Raises `Refused` when they cannot be made."""
        _check_ids(found.native_id, found.version, found.revision)
        return (
            self._id_key.post_id(found.source, found.native_id),
            self._id_key.event_id(found.source, found.native_id, found.version),
        )

    def close(self, words: str) -> str:
        """What a source wants to hear again, such as a validator, unreadable in a cursor; it may hold a name."""
        return base64.b64encode(self._own_box().encrypt(words.encode())).decode() if words else ""

    def reopen(self, closed: str) -> str:
        """The words that `close` closed; none when they were closed elsewhere, for then a source is asked afresh."""
        try:
            return self._own_box().decrypt(base64.b64decode(closed)).decode() if closed else ""
        except (CryptoError, ValueError):
            return ""

    def _own_box(self) -> SecretBox:
        return SecretBox(self._id_key.derived("cursor"))

    def gone(self, gone: Gone, order_id: UUID | None, seen_at: datetime) -> PostRemoved:
        """The record that a post is gone."""
        post_id, event_id = self.ids(gone)
        return PostRemoved(
            id=post_id,
            event_id=event_id,
            revision=gone.revision,
            source=gone.source,
            order_id=order_id,
            seen_at=seen_at,
        )


def _storable(text: str) -> str:
    """The text with plain line ends and without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()
    if not _encodable(text):
        raise Refused(DeadReason.INVALID_UTF8, "text", _HERE)
    if not text:
        raise Refused(DeadReason.SCHEMA, "text", _HERE)
    if len(text) > MAX_TEXT:
        raise Refused(DeadReason.TOO_LARGE, "text", _HERE)
    return text


def _check_ids(native_id: str, version: str, revision: int) -> None:
    if not native_id or not version:
        raise Refused(DeadReason.SCHEMA, "id", _HERE)
    if not (_encodable(native_id) and _encodable(version)):
        raise Refused(DeadReason.INVALID_UTF8, "id", _HERE)
    if not 0 <= revision < MAX_REVISION:
        raise Refused(DeadReason.SCHEMA, "revision", _HERE)


def _encodable(text: str) -> bool:
    """JSON can smuggle in half a surrogate pair, which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _lang(hint: str | None) -> str | None:
    return hint if hint is not None and len(hint) <= 16 and _LANG.match(hint) else None
