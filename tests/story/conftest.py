"""One town for a file of the story: its people go on where the test before left them, as in a real week."""

from collections.abc import Iterator

# Playwright's greenlets confuse CPython 3.11's recursion count, and a module compiled after a failed browser test then
# fails to parse. Hypothesis' plugin imports late, in the summary: import it before any browser runs.
import hypothesis  # noqa: F401
import pytest

from review_ui.build_static import VENDOR
from tests.conftest import missing
from tests.story.town import Town, town


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Town]:
    """The running town."""
    if not VENDOR.is_dir():
        missing("the screens' style sheets are not built: make screens")
    with town(tmp_path_factory.mktemp("story") / "house", chromium) as running:
        yield running
