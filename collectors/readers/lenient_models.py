"""Items of a JSON answer as pydantic models, one by one: an item that does not fit is set aside, and the rest goes on.

It knows no field of any platform, but which ones tell who wrote something: those go nowhere.
"""

import re
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from collectors.readers.lenient_json import encodable, set_aside
from collectors.readers.reader import SetAside
from collectors.refused import Refused
from signals.dead_letter import DeadReason

Model = TypeVar("Model", bound=BaseModel)
T = TypeVar("T")

_HERE = "collectors/readers/lenient_models.py"
_NO_UTF8 = "no_utf8"
_DEEPEST_KEPT = 12
# Who wrote it, and which channel or page it stands on: a dead letter keeps neither.
_PERSONAL = re.compile(
    r"author|channel|owner|user|moderator|banned_by|approved_by|removed_by\Z|permalink|url|html|etag", re.I
)


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError as wrong:
        if any(error["type"] == _NO_UTF8 for error in wrong.errors(include_url=False, include_input=False)):
            raise  # damaged bytes are no absence: the item is set aside with what is left of it
        return None


Soft = Annotated[T | None, WrapValidator(_or_none)]
"""A field that an item can do without: the wrong type reads as absent."""


def _whole(text: str) -> str:
    if not encodable(text):
        raise PydanticCustomError(_NO_UTF8, "holds what no UTF-8 can hold")
    return text


Words = Annotated[str, AfterValidator(_whole)]
"""A text that can be encoded: no half surrogate pairs, no bytes that were damaged on the way."""


def fitted(model: type[Model], item: object, aside: list[SetAside], path: str) -> Model | None:
    """The item as a model, or None when it was set aside; `path` says where in the answer it stood."""
    try:
        return model.model_validate(item)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join((path, *(str(part) for part in first["loc"])))[:120]
        reason = DeadReason.INVALID_UTF8 if first["type"] == _NO_UTF8 else DeadReason.SCHEMA
        aside.append(set_aside(Refused(reason, where, _HERE), impersonal(item)))
        return None


def impersonal(item: object, depth: int = 0) -> object:
    """An item without the fields that tell who wrote it."""
    if depth > _DEEPEST_KEPT:
        return None
    if isinstance(item, dict):
        return {name: impersonal(part, depth + 1) for name, part in item.items() if not _PERSONAL.search(name)}
    if isinstance(item, list):
        return [impersonal(part, depth + 1) for part in item]
    return item
