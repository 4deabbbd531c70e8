"""Makes the pictures of `docs/images` from invented posts: `python -m tests.review_ui.pictures [FOLDER]`.

No real post, person or school stands on them. Whoever changes a screen makes them anew and looks at them.
"""

import re
import shutil
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from bench.road.place import place
from pipeline.kafka.local_broker import free_port
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.practice import cases
from signals.label import Category, Level
from signals.place import PlaceKind
from tests.chromium import FLAGS
from tests.review_ui.test_quality import add_readings, add_sample
from tests.review_ui.world import SCHOOL, STATION, World, world_in

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 150_000
"""Bytes of a picture: a page of the documentation stays quick to open."""
_NAMED = "brin:20EY00"
_PLACES = (
    (STATION, PlaceKind.STATION, "Krommenie-Assendelft"),
    ("area:krommenie", PlaceKind.AREA, "Krommenie"),
    ("ns:ZD", PlaceKind.STATION, "Zaandam"),
)


def main(folder: Path = IMAGES) -> None:
    """Set the stage, open each page in Chromium, and keep what it looks like."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        here = stack.enter_context(place(kafka=False))
        world = stack.enter_context(world_in(here.at.database, here.at.keys))
        pages = _set(world)
        address = _serve(stack, world)
        driver = stack.enter_context(sync_playwright())
        path = shutil.which("chromium") or shutil.which("google-chrome")
        chromium = stack.enter_context(driver.chromium.launch(executable_path=path, args=FLAGS))
        for name, (who, at, part) in pages.items():
            size = _picture(chromium, address, world, who, at, part, folder / f"{name}.png")
            sys.stdout.write(f"{name}.png {size:,} bytes\n")
            if size > LARGEST:
                raise SystemExit(f"{name}.png has more than {LARGEST:,} bytes: show less of the page")


def _set(world: World) -> dict[str, tuple[str, str, str]]:
    """Signals of several kinds, one in casusoverleg, a month of readings; who opens which page, which part of it."""
    world.add_directory()
    with world.owner() as owner:  # a school with a name, which the tests' invented one has not
        owner.execute("UPDATE contact_places SET place_id = %s WHERE place_id = %s", (_NAMED, SCHOOL))
        owner.execute("UPDATE corridors SET school_id = %s WHERE school_id = %s", (_NAMED, SCHOOL))
    add_readings(world, alike=30, unlike=6, months_ago=1)
    add_sample(world)
    acute = world.add_signal(level=Level.ACUUT)
    kinds = [kind for kind in Category if kind is not Category.NONE]
    for number, case in enumerate(cases.cases()[:9]):
        world.clock.pass_by(-timedelta(minutes=7))
        world.add_signal(
            case.text,
            level=(Level.CONCREET, Level.AANDACHT)[number % 2],
            category=kinds[number % len(kinds)],
            places=(_PLACES[number % 3],) if number % 4 else (),
            window=number % 3 == 0,
        )
    world.clock.pass_by(timedelta(minutes=63))
    talk = world.add_signal(level=Level.CONCREET)
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    colleague = str(world.people["bram"])
    anna.post(f"/signaal/{talk}/casusoverleg", vraag="Is dit de tekst van een clip? Wie kent hem?", aan=[colleague])
    bram.post(f"/signaal/{talk}/casusoverleg/meedoen")
    bram.post(f"/signaal/{talk}/casusoverleg/bericht", bericht="Ik ken geen clip met deze plaats en dit tijdstip erin.")
    anna.post(f"/signaal/{acute}/oppakken")
    for number in range(3):
        bram.judge(world.add_signal(f"een verzonnen bericht {number}"), "reject:art", 1, niveau="aandacht")
    ready, sent = (world.add_signal(level=Level.ACUUT) for _ in range(2))
    for signal in (ready, sent):
        anna.judge(signal, "confirm:call_with_time_and_place", 1, duiding="Geen clip: een oproep met tijd en plaats.")
        bram.judge(signal, "confirm:call_with_time_and_place", 2)
    chosen = re.findall(r'name="ontvanger" value="([^"]+)"', bram.get(f"/signaal/{sent}").text)
    bram.post(f"/signaal/{sent}/doorzetten", ontvanger=chosen)
    referral = world.one("SELECT id FROM referrals WHERE signal_id = %s AND kind = 'school'", sent)
    bram.post("/mijn-instellingen", taal=["nl", "mixed"], aantal="3", minuten="45", liever_niet=["sexual"])
    return {
        "queue": ("anna", "/werkvoorraad", ""),
        "signal": ("anna", f"/signaal/{acute}", ""),
        "casusoverleg": ("anna", f"/signaal/{talk}", "#overleg"),
        "forwarding": ("bram", f"/signaal/{ready}", "section:has(#doorzetten)"),
        "portal": ("coordinator", f"/portaal/{referral}", "article"),
        "quality": ("anna", "/kwaliteit", ""),
        "practice-room": ("anna", f"/oefenruimte/{cases.cases()[0].id}", ""),
        "reader-care": ("bram", "/mijn-instellingen", ""),
    }


def _serve(stack: ExitStack, world: World) -> str:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    stack.callback(thread.join, 10)
    stack.callback(setattr, server, "should_exit", True)
    limit = time.monotonic() + 30
    while not server.started and time.monotonic() < limit:
        time.sleep(0.02)
    return f"http://127.0.0.1:{port}"


def _picture(chromium: Chromium, address: str, world: World, who: str, at: str, part: str, file: Path) -> int:
    context = chromium.new_context(base_url=address, locale="nl-NL", viewport={"width": 1280, "height": 560})
    token = world.signed_in(who).client.cookies[SESSION_COOKIE]
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(at)
    page.wait_for_timeout(300)
    (page.locator(part) if part else page).screenshot(path=file)
    context.close()
    return file.stat().st_size


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:2]))
