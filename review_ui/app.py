"""The web application: every room's pages, the API and the health checks, around one set of dependencies."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from forwarding.places import installed_places
from review_ui import errors, health
from review_ui.access import own_keys, passkeys_pages, passkeys_sign_in
from review_ui.access import pages as access_pages
from review_ui.answers import pages as answer_pages
from review_ui.api import acts, answers, cap, previews, situation, v1
from review_ui.bell import QueueBell
from review_ui.coverage import pages as coverage_pages
from review_ui.coverage import telling as channel_pages
from review_ui.coverage.gauges import SourceGauges
from review_ui.dead_letters import pages as dead_letter_pages
from review_ui.dependencies import Dependencies
from review_ui.directory import pages as directory_pages
from review_ui.directory import portal_pages as directory_portal_pages
from review_ui.meeting import pages as meeting_pages
from review_ui.metrics import Counted, Metrics
from review_ui.overview import number_pages
from review_ui.overview import pages as overview_pages
from review_ui.portal import pages as portal_pages
from review_ui.portal import support as portal_support
from review_ui.practice import pages as practice_pages
from review_ui.quality import pages as quality_pages
from review_ui.quality import sample_pages
from review_ui.queue import events as queue_events
from review_ui.queue import late as queue_late
from review_ui.queue import pages as queue_pages
from review_ui.queue import presence as queue_presence
from review_ui.queue import saving as queue_saving
from review_ui.reader import handover as reader_handover
from review_ui.reader import pages as reader_pages
from review_ui.report import following, sharing
from review_ui.report import pages as report_pages
from review_ui.report import places as report_places
from review_ui.report.wrong_codes import WrongCodes
from review_ui.road_gauges import RoadGauges
from review_ui.search import pages as search_pages
from review_ui.security_headers import SecurityHeaders
from review_ui.signal import cap_file, judging, opening, overleg, referring, standing
from review_ui.signal import pages as signal_pages
from review_ui.signal import region as signal_region
from review_ui.signal import wordings as signal_wordings
from review_ui.situation import pages as situation_pages
from review_ui.static_files import STATIC, KeptFiles
from review_ui.waking import Waking


def create_app(dependencies: Dependencies) -> FastAPI:
    """An app that serves this installation. Endpoints are plain functions; they run in the thread pool."""
    bell = QueueBell(dependencies.engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        waking = Waking(dependencies.engine, dependencies.clock, police_excerpt=dependencies.police_excerpt)
        waking.start()
        # The first reader need not wait for the list of places.
        threading.Thread(target=installed_places, name="places", daemon=True).start()
        yield
        waking.close()
        bell.close()

    app = FastAPI(title="Seinpost", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.dependencies = dependencies
    app.state.bell = bell
    app.state.metrics = Metrics()
    app.state.metrics.registry.register(SourceGauges(dependencies.engine, dependencies.clock))
    app.state.metrics.registry.register(RoadGauges(dependencies.engine, dependencies.clock))
    app.state.wrong_codes = WrongCodes()
    app.add_middleware(Counted, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders, https=dependencies.https)
    errors.add_handlers(app)
    for router in (
        health.router,
        access_pages.router,
        own_keys.router,
        passkeys_pages.router,
        passkeys_sign_in.router,
        queue_pages.router,
        queue_events.router,
        queue_saving.router,
        queue_presence.router,
        queue_late.router,
        reader_pages.router,
        reader_handover.router,
        signal_pages.router,
        judging.router,
        referring.router,
        cap_file.router,
        opening.router,
        overleg.router,
        standing.router,
        signal_region.router,
        answer_pages.router,
        signal_wordings.router,
        report_pages.router,
        report_places.router,
        sharing.router,
        following.router,
        coverage_pages.router,
        channel_pages.router,
        directory_pages.router,
        dead_letter_pages.router,
        practice_pages.router,
        quality_pages.router,
        sample_pages.router,
        search_pages.router,
        portal_support.router,  # before the portal: its address would be read as a referral's
        portal_pages.router,
        directory_portal_pages.router,
        situation_pages.router,
        overview_pages.router,
        number_pages.router,
        meeting_pages.router,
        v1.router,
        acts.router,
        previews.router,
        cap.router,
        answers.router,
        situation.router,
    ):
        app.include_router(router)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    return app
