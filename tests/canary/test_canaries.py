"""The canaries themselves: every form is masked, and the search finds them however they are packed."""

import base64
import json
from urllib.parse import quote

import pytest

from signals.masking import mask
from tests.canary.canaries import CORE, Canary, find_in_bytes, forms

KINDS = {"handle", "link", "e-mail", "phone", "iban", "plate", "house number"}


def named(canary: Canary) -> str:
    return f"{canary.kind}: {canary.written}"


@pytest.mark.parametrize("canary", forms(), ids=named)
def test_masking_leaves_nothing_of_a_canary(canary: Canary) -> None:
    masked = mask(canary.sentence)
    assert find_in_bytes(masked.text.encode(), canary.needles) == []
    assert masked.named_text is None
    assert masked.text.startswith("Vanmiddag bij het hek. ")
    assert masked.text.endswith(", neem iedereen mee.")


@pytest.mark.parametrize("canary", forms(), ids=named)
def test_the_search_finds_a_canary_that_was_not_masked(canary: Canary) -> None:
    assert find_in_bytes(canary.sentence.encode(), canary.needles)


@pytest.mark.parametrize("offset", range(3))
@pytest.mark.parametrize("spelling", [CORE, CORE.upper()])
def test_packing_hides_nothing(spelling: str, offset: int) -> None:
    text = "x" * offset + spelling + "yz"
    packed = {
        "utf-8": text.encode(),
        "utf-16": text.encode("utf-16-be"),
        "percent signs": "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
        "hex": text.encode().hex().encode(),
        "json escapes": "".join(f"\\u{ord(c):04x}" for c in text.lower()).encode(),
        "base64": base64.b64encode(text.encode()),
    }
    for form, data in packed.items():
        assert f"{CORE} as {form}" in find_in_bytes(b"\x00" + data + b"\xff", [CORE]), form


def test_a_needle_with_signs_is_found_in_an_address_and_in_json() -> None:
    needle = "91 82 73 64"
    assert find_in_bytes(quote(f"/zoek/{needle}").encode(), [needle])
    assert find_in_bytes(json.dumps({"q": needle}).encode(), [needle])
    assert find_in_bytes(base64.urlsafe_b64encode(b"??>" + needle.encode()), [needle])


def test_clean_bytes_hold_none() -> None:
    needles = [needle for canary in forms() for needle in canary.needles]
    assert find_in_bytes(b"niets te zien [@] [link] 06 \x00\xff" * 50, needles) == []


def test_every_kind_is_there_in_several_forms() -> None:
    kinds = [canary.kind for canary in forms()]
    assert set(kinds) == KINDS
    assert all(kinds.count(kind) >= 4 for kind in KINDS)
    assert len({canary.written for canary in forms()}) == len(forms())
