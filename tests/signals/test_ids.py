"""Ids: the same post has the same id on every road, and nobody without the key can make one."""

from itertools import product
from uuid import UUID

import pytest

from signals.ids import KEY_BYTES, IdKey
from signals.post import Source

KEY = IdKey(bytes(range(KEY_BYTES)))
OTHER_KEY = IdKey(bytes(KEY_BYTES))


def test_the_same_parts_give_the_same_id_in_every_run() -> None:
    assert KEY.post_id(Source.BLUESKY_POST, "abc") == IdKey(bytes(range(KEY_BYTES))).post_id(Source.BLUESKY_POST, "abc")


def test_ids_do_not_change_between_versions_of_the_program() -> None:
    assert str(KEY.post_id(Source.BLUESKY_POST, "did:x/app/1")) == "1f83d771-3b8a-8666-8ae7-75879a9286d9"
    assert str(KEY.event_id(Source.FEED_ENTRY, "entry-1", "v2")) == "3aac3b7a-bd3c-8cb6-8023-9d44abec1650"
    assert str(KEY.signal_id("zes uur station")) == "56f81f3a-1947-82ca-91a6-2c9a97d4c35a"
    assert (
        KEY.link_hash("https://voorbeeld.invalid/1")
        == "6cc01368bdd415c294a656a896bff0173ddba851ba526ad7df17740bccb30123"
    )


def test_equal_characters_split_in_another_place_give_another_id() -> None:
    assert KEY.event_id(Source.EXPORT, "ab", "c") != KEY.event_id(Source.EXPORT, "a", "bc")
    assert KEY.event_id(Source.EXPORT, "ab", "") != KEY.event_id(Source.EXPORT, "a", "b")


def test_source_version_purpose_and_key_each_change_the_id() -> None:
    ids = {
        key.post_id(source, native) for key, source, native in product((KEY, OTHER_KEY), Source, ("1", "2", "ë", "🔥"))
    }
    assert len(ids) == 2 * len(Source) * 4
    assert KEY.post_id(Source.EXPORT, "1") != KEY.event_id(Source.EXPORT, "1", "")


def test_an_id_is_a_valid_custom_uuid() -> None:
    made = KEY.post_id(Source.TIP, "x")
    assert isinstance(made, UUID)
    assert made.version == 8


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        IdKey(b"short")


def test_the_key_never_prints_itself() -> None:
    assert bytes(range(KEY_BYTES)).hex() not in repr(KEY)
    assert repr(KEY) == "IdKey(…)"
