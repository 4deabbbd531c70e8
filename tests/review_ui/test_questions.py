"""How much a request asks of the database: each question costs a reader time, so none is asked twice or for nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import event

from review_ui.build_static import OWN, USES, VENDOR, tokens_used
from tests.review_ui.world import Browser, World

Ask = Callable[[Callable[[], Response]], list[str]]


@pytest.fixture
def asked(world: World) -> Iterator[Ask]:
    """Does a request twice, and answers what the second one asked."""
    engine, heard = world.app.state.dependencies.engine, list[str]()

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        heard.append(" ".join(statement.split()))

    def ask(request: Callable[[], Response]) -> list[str]:
        request()
        heard.clear()
        assert request().status_code < 400
        return list(heard)

    event.listen(engine, "before_cursor_execute", hear)
    yield ask
    event.remove(engine, "before_cursor_execute", hear)


def test_a_heartbeat_presence_and_arrivals_ask_only_who_it_is_and_their_own_question(
    world: World, anna: Browser, asked: Ask
) -> None:
    signal = world.add_signal()
    since = {"sinds": world.clock.now.isoformat()}

    def heartbeat() -> Response:
        world.clock.pass_by(timedelta(seconds=1))
        return anna.post(f"/signaal/{signal}/hartslag")

    answers = {
        "heartbeat": asked(heartbeat),
        "presence": asked(lambda: anna.post(f"/signaal/{signal}/meekijken")),
        "arrivals": asked(lambda: anna.client.get("/werkvoorraad/nieuw", params=since)),
    }
    assert [(name, len(questions)) for name, questions in answers.items()] == [
        ("heartbeat", 5),
        ("presence", 4),
        ("arrivals", 4),
    ]
    for questions in answers.values():
        assert not any("my_reading" in one or "golden_untold" in one for one in questions), questions


def test_a_page_asks_for_what_stands_around_it_once(world: World, anna: Browser, asked: Ask) -> None:
    signal = world.add_signal()
    most = {"/werkvoorraad": 11, f"/signaal/{signal}": 26, "/toetsen": 4, "/melden": 4}
    for path, questions in {path: asked(lambda path=path: anna.get(path)) for path in most}.items():  # type: ignore[misc]
        assert sum("my_reading" in one for one in questions) == 1, path
        assert len(questions) == len(set(questions)), f"{path} asks the same twice"
        assert len(questions) <= most[path], questions


def test_looking_at_a_page_changes_no_row(world: World, anna: Browser, asked: Ask) -> None:
    signal = world.add_signal()
    for path in ("/werkvoorraad", f"/signaal/{signal}", "/lopend", "/overdracht"):
        for question in asked(lambda path=path: anna.get(path)):  # type: ignore[misc]
            # How long a session lives is the one thing that looking may note, once a minute.
            assert question.startswith("WITH live AS") or not any(
                word in question for word in ("INSERT", "UPDATE", "DELETE", "wake_parked")
            ), question


def test_a_file_is_fetched_once_and_kept_under_the_address_of_its_content(world: World, anna: Browser) -> None:
    page = anna.get("/werkvoorraad").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in anna.get(address).headers["cache-control"]
    for other in (address.split("?")[0], address.split("?")[0] + "?v=0123456789ab"):
        assert "cache-control" not in anna.get(other).headers, "what may be another version is asked for again"


def test_the_theme_holds_each_token_that_a_rule_uses_and_no_other() -> None:
    theme = ".t {\n  --a: 1px;\n  --b: var(--c); /* why */\n  --c: var(--d, 2px);\n  --d: 3px;\n  --e: 4px;\n}\n"
    assert tokens_used(theme, [".x { width: var(--b) }"]) == (
        ".t {\n  --b: var(--c); /* why */\n  --c: var(--d, 2px);\n  --d: 3px;\n}\n"
    )
    served = (VENDOR / "components.css").read_text()
    own = "".join(sheet.read_text() for sheet in OWN.glob("*.css"))
    lacking = {name for name in USES.findall(own) if f"{name}:" not in served + own}
    assert lacking == set(), "build the style sheets anew: python -m review_ui.build_static"
