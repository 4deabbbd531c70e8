"""The JSON API's preview: what one recipient would see of one signal, and why it cannot be sent. Sends nothing."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request

from forwarding.views import preview
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert
from review_ui.api.shapes import Shape
from review_ui.dependencies import given
from signals.label import Category, Level
from signals.referral import NO_EVIDENCE, Field, RecipientKind

router = APIRouter(prefix="/api/v1/signals/{signal_id}", tags=["v1"])


class Previewed(Shape):
    """A recipient's view. null: may not see it, or nothing to see. An excerpt never comes without its label."""

    kind: RecipientKind
    fields: list[Field]
    hindrance: str | None
    theme: str | None
    category: Category | None
    level: Level | None
    places: tuple[str, ...] | None
    window_start: datetime | None
    window_end: datetime | None
    excerpt: str | None
    excerpt_label: str | None
    link_allowed: bool
    duiding: str | None


@router.get("/preview/{contact_id}")
def show(request: Request, signal_id: UUID, contact_id: UUID, found: Expert, place_notice: bool = False) -> Previewed:
    """What this contact would see if the signal were sent now."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        seen = preview(connection, signal_id, contact_id, dependencies.police_excerpt, place_notice)
    return Previewed.model_validate(
        {
            **vars(seen.view),
            "kind": seen.kind,
            "fields": sorted(seen.fields),
            "hindrance": seen.hindrance,
            "excerpt_label": NO_EVIDENCE if seen.view.excerpt is not None else None,
        }
    )
