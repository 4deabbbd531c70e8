"""Pages from Jinja templates: one environment per language, everything escaped, and a frame that every page shares."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from gettext import NullTranslations
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.store.users import UserRole
from review_ui import labels, static_files
from review_ui.access.cookies import LANGUAGE_COOKIE
from review_ui.access.signed_in import SignedIn
from review_ui.clock_words import ClockWords
from review_ui.coverage.watchers import role_to_watch
from review_ui.dead_letters.menders import mends
from review_ui.dependencies import given
from review_ui.frame import frame
from review_ui.keys import ACTIONS, keys_of
from review_ui.language import Language, chosen, translations
from review_ui.signal.marks import readable

HERE = Path(__file__).parent


def language_of(request: Request) -> Language:
    """The language this browser chose."""
    return chosen(request.cookies.get(LANGUAGE_COOKIE))


def render(
    request: Request,
    template: str,
    context: Mapping[str, object],
    signed_in: SignedIn | None = None,
    status: int = 200,
) -> HTMLResponse:
    """One page. Every template gets `user`, `csrf`, `lang`, `clock`, `labels`, `stands_around`, and `context`."""
    dependencies = given(request)
    language = language_of(request)
    now = dependencies.clock()
    user = signed_in.user if signed_in else None
    shared: dict[str, object] = {
        "request_path": request.url.path,
        "user": user,
        "is_expert": user is not None and user.has(UserRole.EXPERT),
        "sees_sources": user is not None and role_to_watch(user) is not None,
        "mends": user is not None and mends(user),
        "is_recipient": user is not None and user.has(UserRole.RECIPIENT),
        "csrf": signed_in.csrf if signed_in else "",
        "stands_around": partial(frame, dependencies, signed_in, now, context),
        "lang": language.value,
        "keys": keys_of(user.keys if user else {}),
        "key_actions": ACTIONS,
        "clock": ClockWords(now, language, translations(language)),
        "now": now,
        "staffed_until": dependencies.staffed.until(now),
        "labels": labels,
        "static": static_files.address,
    }
    body = _environment(language).get_template(template).render({**shared, **context})
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        # A page includes a hundred parts; whether their files changed need not be asked for each of them.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = _phrases(translations(language))
    environment.filters["bdi"] = bdi
    return environment


def _phrases(catalogue: NullTranslations) -> Callable[..., Markup]:
    """What `_()` says: as Jinja's own, but a phrase that holds nothing else is looked up once and not for each page."""

    @lru_cache(maxsize=4096)
    def as_it_is(phrase: str) -> Markup:
        return Markup(catalogue.gettext(phrase)) % {}  # noqa: S704 -- our own words

    def said(phrase: str, /, **holding: object) -> Markup:
        return Markup(catalogue.gettext(phrase)) % holding if holding else as_it_is(phrase)  # noqa: S704

    return said


def bdi(words: str) -> Markup:
    """What somebody wrote (a post, a reader, a directory), to stand among our own words without turning them round."""
    return Markup("<bdi>{}</bdi>").format(readable(words))
