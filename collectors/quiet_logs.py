"""Keeps addresses, frames and texts out of every log: the libraries of this room say nothing at all.

What matters is told by health states and reason codes; a library's own words may quote a link or a post.
"""

import logging

_LIBRARIES = (
    "scrapy",
    "twisted",
    "protego",
    "websockets",
    "feedparser",
    "parsel",
    "hyperlink",
    "filelock",
    "charset_normalizer",
)
_NEVER = logging.CRITICAL + 1


def silence_libraries() -> None:
    """Silence the libraries that handle addresses and posts, whatever level the root logger has."""
    for name in _LIBRARIES:
        _silence(logging.getLogger(name))


def silent(name: str) -> logging.Logger:
    """A logger that says nothing, for a library that asks for one."""
    logger = logging.getLogger(f"seinpost.silent.{name}")
    _silence(logger)
    return logger


def _silence(logger: logging.Logger) -> None:
    logger.setLevel(_NEVER)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
