"""Whether a type still reads what its golden schema allowed: what was narrowed since, one line each.

It knows the JSON Schema that pydantic writes for our types, and refuses to judge anything else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SAME = ("type", "format", "pattern", "contentEncoding")
_WORDS = {"title", "description", "default", "discriminator", "$defs"}
_KNOWN = {
    *_LOWER, *_UPPER, *_SAME, *_WORDS,
    "$ref", "anyOf", "oneOf", "enum", "const", "properties", "required", "additionalProperties", "propertyNames",
    "items", "prefixItems",
}  # fmt: skip


class NotJudged(Exception):
    """A schema uses a word that this comparison does not know."""


def narrowed(old: Schema, new: Schema) -> list[str]:
    """What `old` allowed and `new` refuses."""
    return list(_narrowed(old, new, old.get("$defs", {}), new.get("$defs", {}), "record"))


def _narrowed(old: Schema, new: Schema, olds: Schema, news: Schema, at: str) -> Iterator[str]:
    old, new = _followed(old, olds), _followed(new, news)
    strange = (old.keys() | new.keys()) - _KNOWN
    if strange:
        raise NotJudged(f"{at}: {', '.join(sorted(strange))}")
    if _choices(old) or _choices(new):
        for number, choice in enumerate(_choices(old) or [old]):
            ways = [list(_narrowed(choice, other, olds, news, f"{at}/{number}")) for other in _choices(new) or [new]]
            if all(ways):
                yield from min(ways, key=len)
        return
    yield from (f"{at}: {word} was {old.get(word)}, is {new.get(word)}" for word in _SAME if _other(old, new, word))
    yield from _bounds(old, new, at)
    gone = [value for value in _values(old) if _values(new) and value not in _values(new)]
    if gone or (_values(new) and not _values(old)):
        yield f"{at}: no longer takes {gone or 'any value'}"
    yield from _fields(old, new, olds, news, at)
    if "items" in old and "items" in new:
        yield from _narrowed(old["items"], new["items"], olds, news, f"{at}[]")
    pairs = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
    for number, (one, other) in enumerate(pairs):
        yield from _narrowed(one, other, olds, news, f"{at}[{number}]")


def _fields(old: Schema, new: Schema, olds: Schema, news: Schema, at: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before:
        if name in after:
            yield from _narrowed(before[name], after[name], olds, news, f"{at}.{name}")
        elif new.get("additionalProperties") is False:
            yield f"{at}.{name} is gone"
    yield from (
        f"{at}.{name} must be there now" for name in new.get("required", ()) if name not in old.get("required", ())
    )
    if old.get("additionalProperties", True) is not False and new.get("additionalProperties") is False:
        yield f"{at}: takes no other fields any more"
    elif isinstance(old.get("additionalProperties"), dict) and isinstance(new.get("additionalProperties"), dict):
        yield from _narrowed(old["additionalProperties"], new["additionalProperties"], olds, news, f"{at}.*")


def _bounds(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for words, tighter in ((_LOWER, lambda a, b: b > a), (_UPPER, lambda a, b: b < a)):
        for word in words:
            if word in new and (word not in old or tighter(old[word], new[word])):
                yield f"{at}: {word} was {old.get(word, 'free')}, is {new[word]}"


def _followed(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _choices(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _values(schema: Schema) -> list[object]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _other(old: Schema, new: Schema, word: str) -> bool:
    return word in new and old.get(word) != new[word]
