"""The pictures in the documentation: small, shown or linked, and none that nobody links."""

import re

from tests.review_ui.pictures import IMAGES, LARGEST


def test_every_picture_is_small_and_stands_in_a_page() -> None:
    pages = [*IMAGES.parent.rglob("*.md"), IMAGES.parents[1] / "README.md"]
    linked = {name for page in pages for name in re.findall(r"images/([\w-]+\.png)", page.read_text())}
    there = {file.name for file in IMAGES.glob("*.png")}
    assert {"queue.png", "signal.png", "casusoverleg.png", "quality.png", "practice-room.png"} < there
    assert {"forwarding.png", "portal.png"} < there
    assert linked == there
    assert {file.name for file in IMAGES.glob("*.png") if file.stat().st_size > LARGEST} == set()
