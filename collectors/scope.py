"""Applies the scope of a collection order in memory. A post outside it goes no further: no sink, no log, no label.

It does not decide whether the order is in force (`collectors.permission`).
"""

import re

from signals.fingerprint import fingerprint
from signals.order import Scope
from signals.post import Source

_HASHTAG = re.compile(r"[#＃](\w{1,100})")


class ScopeGate:
    """One order's scope, made ready for quick checks.

    Terms and hashtags say what a post is about: one hit among them is enough. Places and languages each narrow further.
    An empty list narrows nothing. Words match whole, without case or marks; places are plain words here.
    """

    def __init__(self, scope: Scope) -> None:
        self._sources = frozenset(scope.sources)
        self._languages = frozenset(lang.casefold() for lang in scope.languages)
        self._hashtags = frozenset(_tag(tag) for tag in scope.hashtags)
        self._terms = tuple(f" {fingerprint(term)} " for term in scope.terms)
        self._places = tuple(f" {fingerprint(place)} " for place in scope.places)

    def lets_in_source(self, source: Source) -> bool:
        """Whether the order names this source; naming none means none."""
        return source in self._sources

    def lets_in_language(self, hint: str | None) -> bool:
        """Whether the source's language hint is one of the order's. A post without a hint is not shut out by it."""
        return not self._languages or hint is None or hint.casefold().split("-")[0] in self._languages

    def lets_in_text(self, text: str, hashtags: tuple[str, ...] = ()) -> bool:
        """Whether the words of a text are in scope."""
        if not (self._terms or self._hashtags or self._places):
            return True
        words = f" {fingerprint(text)} "
        if self._places and not any(place in words for place in self._places):
            return False
        if not (self._terms or self._hashtags):
            return True
        if any(term in words for term in self._terms):
            return True
        return bool(self._hashtags) and any(_tag(tag) in self._hashtags for tag in (*hashtags, *_HASHTAG.findall(text)))


def _tag(tag: str) -> str:
    return fingerprint(tag.lstrip("#＃"))
