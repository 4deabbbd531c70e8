"""Whether this process lives, whether it can serve, and its counters. No content, no names; open to a monitor."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from review_ui.dependencies import given
from review_ui.metrics import Metrics

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(request: Request) -> JSONResponse:
    """The database answers too; 503 when it does not."""
    try:
        with given(request).engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return JSONResponse({"status": "database away"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    counted = request.app.state.metrics
    if not isinstance(counted, Metrics):
        raise TypeError("the app was not made by create_app")
    return counted.page()
