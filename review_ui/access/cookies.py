"""The cookies of the screens: a session, a language, and the token of the log-in form. None holds a name."""

from starlette.responses import Response

SESSION_COOKIE = "seinpost_session"
LANGUAGE_COOKIE = "seinpost_language"
LOGIN_COOKIE = "seinpost_login"


def set_session(response: Response, token: str, https: bool) -> None:
    """Give the browser its session; gone when the browser closes, never readable by a script."""
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="strict", secure=https, path="/")


def drop_session(response: Response, https: bool) -> None:
    """Take the session cookie away."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=https, path="/")


def set_login(response: Response, token: str, https: bool) -> None:
    """Tie the log-in form to this browser before anybody is signed in."""
    response.set_cookie(LOGIN_COOKIE, token, httponly=True, samesite="strict", secure=https, path="/inloggen")


def set_language(response: Response, language: str, https: bool) -> None:
    """Remember the chosen language for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=31_536_000, httponly=True, samesite="strict", secure=https, path="/"
    )
