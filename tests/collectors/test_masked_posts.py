"""The one way from a source's words to a post: nothing unmasked is left, and seals open with the right key."""

import json

import pytest
from nacl.public import SealedBox
from nacl.secret import SecretBox

from collectors.links import canonical
from collectors.refused import Refused
from collectors.unmasked import UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import POST_RECORD, Sealed, Source
from tests.collectors.room import DAY_KEY, Room, now

MAKER = Room().maker()


def found(text: str, **more: object) -> UnmaskedPost:
    return UnmaskedPost(Source.TIP, str(more.pop("native_id", "n")), "1", 5, text, **more)  # type: ignore[arg-type]


def opened(sealed: Sealed) -> str:
    return SecretBox(SealedBox(DAY_KEY).decrypt(sealed.wrapped_key)).decrypt(sealed.box).decode()


def test_link_and_names_open_only_with_the_key_of_the_day() -> None:
    text = "Mohamed komt vanmiddag naar het station @qzcanary7"
    post = MAKER.make(found(text, link="https://x.example.org/qzcanary7"), None, None, now())
    assert post is not None
    assert post.link is not None
    assert opened(post.link) == "https://x.example.org/qzcanary7"
    assert "Mohamed" not in post.text
    assert post.names is not None
    assert "Mohamed" in opened(post.names)
    assert "qzcanary7" not in opened(post.names)
    assert "qzcanary7" not in json.dumps(json.loads(POST_RECORD.dump_json(post)))


def test_an_unmasked_post_never_prints_itself() -> None:
    assert "qzcanary7" not in repr(found("qzcanary7"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", DeadReason.SCHEMA),
        ("\x00\x01 ", DeadReason.SCHEMA),
        ("x" * 20_001, DeadReason.TOO_LARGE),
        ("\udfff", DeadReason.INVALID_UTF8),
        ("@a " * 7_000, DeadReason.TOO_LARGE),
    ],
)
def test_what_cannot_be_a_post_is_refused_with_its_reason(text: str, reason: DeadReason) -> None:
    with pytest.raises(Refused) as refusal:
        MAKER.make(found(text), None, None, now())
    assert refusal.value.reason is reason
    assert text.strip() == "" or text[:4] not in str(refusal.value)


def test_control_characters_go_and_line_ends_become_plain() -> None:
    post = MAKER.make(found("een\r\ntwee\x00\x1b[31m\rdrie"), None, None, now())
    assert post is not None
    assert post.text == "een\ntwee[31m\ndrie"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("HTTPS://X.Example.org:443/a/?utm_source=q&b=2&a=1#deel", "https://x.example.org/a?a=1&b=2"),
        ("https://user:geheim@example.org/p", "https://example.org/p"),
        ("https://m.site.example.org/p", "https://site.example.org/p"),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://" + "a" * 3000 + ".org", None),
    ],
)
def test_a_link_has_one_canonical_form(written: str, same: str | None) -> None:
    assert canonical(written) == same
