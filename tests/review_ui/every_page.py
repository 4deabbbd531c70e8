"""Every page of the screens, on a stage where each has something to show: whoever adds a page adds a line here.

`tests/review_ui/test_every_page.py` holds the list against the routes of the app.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from collectors.tips_code import TipCodes
from pipeline.key_folder import KeyFolder
from pipeline.store.users import UserRole
from review_ui.practice import cases
from review_ui.signal.form import written
from signals.label import Category, Level
from tests.review_ui.hostile.stage import Stage
from tests.review_ui.world import SCHOOL, World


@dataclass(frozen=True)
class Page:
    """A page, or a state of one. `who` opens it (None: nobody is logged in), then presses `keys` one by one.

    Words in braces of `at` are filled in with what stands on the stage.
    """

    name: str
    who: str | None
    at: str
    keys: str = ""
    status: int = 200

    @property
    def pattern(self) -> str:
        """The route that answers, as the app writes it."""
        path = self.at.split("?")[0].split("#")[0]
        return re.sub(r"{(\w+)}", lambda name: f"{{{STANDS_FOR.get(name[1], 'signal_id')}}}", path)


STANDS_FOR = {
    "contact": "contact_id",
    "referral": "referral_id",
    "letter": "letter",
    "case": "name",
    "trial": "trial_id",
    "support": "support_id",
}
"""What the app calls a name in an address; every other one is a signal's."""

PAGES = (
    Page("log in", None, "/inloggen"),
    Page("follow a tip", None, "/tip/volgen"),
    Page("home of two roles", "dunya", "/"),
    Page("queue", "anna", "/werkvoorraad"),
    Page("queue, a view that is empty", "anna", "/werkvoorraad?lijst=tips&soort=sexual"),
    Page("queue, all keys", "anna", "/werkvoorraad", keys="?"),
    Page("first reading", "anna", "/signaal/{first}"),
    Page("first reading, confirming", "anna", "/signaal/{first}", keys="b"),
    Page("first reading, rejecting", "anna", "/signaal/{first}", keys="a"),
    Page("first reading, parking", "anna", "/signaal/{first}", keys="p"),
    Page("text gone", "anna", "/signaal/{gone}"),
    Page("second reading", "anna", "/signaal/{second}"),
    Page("after two readings", "anna", "/signaal/{shared}"),
    Page("edited, in two wordings", "anna", "/signaal/{edited}"),
    Page("casusoverleg", "anna", "/signaal/{talk}"),
    Page("parked", "bram", "/signaal/{parked}"),
    Page("acute, read once", "anna", "/signaal/{acute}"),
    Page("what a recipient will see", "anna", "/signaal/{shared}/voorbeeld/{contact}"),
    Page("running", "anna", "/lopend"),
    Page("what waits for an answer", "anna", "/antwoorden"),
    Page("correcting what was sent", "anna", "/signaal/{shared}/wijzigen"),
    Page("handover", "bram", "/overdracht"),
    Page("own settings", "anna", "/mijn-instellingen"),
    Page("own keys", "anna", "/toetsen"),
    Page("passkeys", "anna", "/toegangssleutels"),
    Page("passkeys, none yet", "coordinator", "/toegangssleutels"),
    Page("report", "anna", "/melden"),
    Page("tip", "anna", "/melden/tip"),
    Page("observation", "anna", "/melden/waarneming"),
    Page("sources", "anna", "/bronnen"),
    Page("set aside", "toon", "/terzijde"),
    Page("one set aside", "toon", "/terzijde/{letter}"),
    Page("practice room", "anna", "/oefenruimte"),
    Page("practice post", "anna", "/oefenruimte/{case}"),
    Page("practice answer", "anna", "/oefenruimte/{case}?keuze=confirm"),
    Page("quality", "anna", "/kwaliteit"),
    Page("blind sample", "bram", "/kwaliteit/steekproef"),
    Page("overview", "anna", "/overzicht"),
    Page("map of districts", "anna", "/overzicht/kaart"),
    Page("numbers over time", "anna", "/overzicht/cijfers"),
    Page("meeting agenda", "anna", "/overzicht/agenda"),
    Page("evaluation sheet", "anna", "/overzicht/evaluatieblad?gebied=zaanstreek"),
    Page("monthly report", "anna", "/overzicht/maandverslag"),
    Page("portal", "coordinator", "/portaal"),
    Page("one referral", "coordinator", "/portaal/{referral}"),
    Page("situation, recipient", "coordinator", "/portaal/{referral}/situatie"),
    Page("situation, team", "anna", "/signaal/{shared}/situatie"),
    Page("directory", "anna", "/adresboek"),
    Page("test message, recipient", "coordinator", "/portaal/proefbericht/{trial}"),
    Page("asking for support", "coordinator", "/portaal/ondersteuning"),
    Page("support for a school", "coordinator", "/portaal/ondersteuning/{support}"),
    Page("search", "anna", "/zoeken"),
    Page("no such page", "anna", "/bestaat-niet", status=404),
)

NO_PAGES = {
    "/healthz": "for a monitor",
    "/readyz": "for a monitor",
    "/metrics": "for a monitor",
    "/queue/events": "an event stream",
    "/werkvoorraad/lijst": "a part of the queue's page",
    "/overzicht/agenda.csv": "a file",
    "/overzicht/maandverslag/{maand}.pdf": "a file",
    "/overzicht/maandverslag/{maand}.csv": "a file",
    "/werkvoorraad/nieuw": "a part of the queue's page",
    "/signaal/{signal_id}/stand": "a part of the signal's page",
    "/werkvoorraad/alarm": "a part of every page of an expert",
    "/overzicht/bord": "a part of the overview",
    "/overzicht/kaart/lijst": "a part of the map's page",
    "/melden/deel": "leads to the tip form",
    "/terzijde/{letter}/{press}": "leads to the letter",
    "/bronnen/berichten/{channel}/opnieuw": "leads to the sources",
    "/adresboek/{contact_id}/proefbericht": "leads to the directory",
    "/portaal/proefbericht/{trial_id}/ontvangen": "leads to the test message",
    "/signaal/{signal_id}/cap-bestand": "leads to the signal",
}
"""Routes that answer a GET with no page of their own, and why."""


def get_routes(app: FastAPI) -> set[str]:
    """The patterns of all addresses that can be opened, the API's left out."""

    def walk(routes: list[BaseRoute]) -> Iterator[APIRoute]:
        for route in routes:
            if isinstance(route, APIRoute):
                yield route
            elif (inside := getattr(route, "original_router", None)) is not None:
                yield from walk(inside.routes)

    return {
        route.path
        for route in walk(app.routes)
        if "GET" in (route.methods or ()) and not route.path.startswith("/api/")
    }


@contextmanager
def set_stage(world: World, keys: KeyFolder) -> Iterator[dict[str, str]]:
    """Give every page something to show; answers what the addresses of `PAGES` name."""
    stage = Stage(world, keys)
    try:
        yield _set(stage)
    finally:
        stage.close()


def _set(stage: Stage) -> dict[str, str]:
    world = stage.world
    given = world.app.state.dependencies
    world.app.state.dependencies = replace(given, reporting=replace(given.reporting, codes=TipCodes(b"c" * 32)))
    gone = world.add_signal(None, level=Level.AANDACHT, category=Category.SEXUAL, window=False, places=())
    parked, acute = world.add_signal("een vijfde bericht"), world.add_signal("een zesde bericht")
    anna = stage.browser("anna")
    until = written(world.clock.now + timedelta(days=2))
    anna.judge(parked, "park:context_wanted", 1, aanhouden_tot=until)
    anna.judge(acute, "confirm:directed", 1)
    stage.seal("een bericht dat terzijde ligt")
    line = {"sleutel": str(uuid4()), "gekozen": "on_our_way"}
    stage.browser("coordinator").post(f"/portaal/{stage.referral}/situatie", **line)
    anna.post(f"/adresboek/{stage.contact}/proefbericht")
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO passkeys (user_id, place, name, credential_id, public_key, sign_count, added_at, stopped_at)"
            " SELECT %(anna)s, n, 'mijn telefoon ' || n, n::text::bytea, 'x', 0, %(now)s,"
            " CASE n WHEN 1 THEN %(now)s::timestamptz END FROM generate_series(1, 2) AS n",
            {"anna": world.people["anna"], "now": world.clock.now},
        )
    world.add_contact("regisseur", "OTSV", "escalation", SCHOOL, world.add_person("regisseur", UserRole.RECIPIENT))
    support = uuid4()
    own = world.one("SELECT organisation_id FROM contacts WHERE id = %s", stage.contact)
    request = {"sleutel": str(support), "school": str(own), "reden": "keeps_coming_back"}
    asked = stage.browser("coordinator").post("/portaal/ondersteuning", **request)
    assert str(support) in asked.headers["location"], "nobody could be asked for support"
    return {
        "support": str(support),
        "trial": str(world.one("SELECT trial_id FROM trial_messages")),
        "first": str(stage.first),
        "second": str(stage.second),
        "shared": str(stage.shared),
        "edited": str(stage.after),
        "talk": str(stage.talk),
        "gone": str(gone),
        "parked": str(parked),
        "acute": str(acute),
        "contact": str(stage.contact),
        "referral": str(stage.referral),
        "letter": str(stage.letter),
        "case": cases.cases()[0].id,
    }
