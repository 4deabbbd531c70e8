"""The base of every type that travels between rooms: frozen, strictly validated, no unknown fields.

It does not decide how a type is stored or sent; each road does that for itself.
"""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown fields and loose types are refused, so nothing slips in unnoticed."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )
