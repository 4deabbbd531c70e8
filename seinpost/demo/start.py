"""Fills a demo installation: invented people and directory, an order that two of them approved, a mail server.

Run again it changes nothing. Everything in it is invented, and nothing in it calls outside.
"""

import contextlib
import secrets
from datetime import timedelta
from importlib import resources
from pathlib import Path
from uuid import UUID

from forwarding.directory import import_directory
from forwarding.directory_file import read_directory
from forwarding.places import shipped_places
from pipeline.kafka.local_broker import free_port
from pipeline.store import orders, users
from pipeline.store.connection import acting
from seinpost import composition
from seinpost.demo.mailbox import mailbox
from seinpost.demo.people import DemoPerson, demo_people
from seinpost.settings import Settings
from signals.order import Scope
from signals.post import Source

ORDER_DAYS = 27
_WORDS = ("anker", "baken", "boei", "dijk", "haven", "kade", "kotter", "lantaarn", "loods", "sluis", "vlet", "zeil")


def start_demo(settings: Settings, house: contextlib.ExitStack) -> tuple[Settings, int]:
    """Fill the installation and start its mail server: the settings to go on with, and the replay server's port."""
    _fill(settings)
    smtp_port, replay_port = free_port(), free_port()
    mail = mailbox(mail_folder(settings), smtp_port)
    house.callback(mail.stop)
    changed = {
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp_port,
        "smtp_starttls": False,
        "jetstream_url": f"ws://127.0.0.1:{replay_port}/subscribe",
        "jetstream_dictionary": None,
        "contact": "demo@example.org",
        "unflagged_share": 0.2,  # the demo's stream is small
        "golden_share": 0.1,
    }
    return settings.model_copy(update=changed), replay_port


def mail_folder(settings: Settings) -> Path:
    """Where the demo's notices land."""
    return settings.data / "mail"


def password(settings: Settings) -> str:
    """The one password of all demo users, made at the first start."""
    file = settings.data / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}")
    return file.read_text()


def log_ins(settings: Settings) -> str:
    """Who a newcomer can log in as, and where the notices lie."""
    secret = password(settings)
    people = (f"  {person.user.username:<10} {person.what}" for person in demo_people(secret))
    return "\n".join(
        (f"Log in with the password {secret} as:", *people, f"Notices to recipients lie in {mail_folder(settings)}")
    )


def _fill(settings: Settings) -> None:
    people = demo_people(password(settings))
    with composition.as_owner(settings) as connection:
        if users.listed(connection):
            return
        ids = {person.user.username: users.create(connection, person.user) for person in people}
        content = (resources.files("seinpost.demo") / "directory.json").read_text()
        import_directory(connection, read_directory(content), shipped_places(), composition.now())
    drafter = next(ids[p.user.username] for p in people if _may(p, users.UserRole.ADMIN))
    approvers = [ids[p.user.username] for p in people if _may(p, users.UserRole.ORDER_APPROVER)]
    _order(settings, drafter, approvers[:2])


def _may(person: DemoPerson, role: users.UserRole) -> bool:
    return any(held.role is role for held in person.user.roles)


def _order(settings: Settings, drafter: UUID, approvers: list[UUID]) -> None:
    """A collection order for the demo's own stream: one drafts it, two others approve it, as everywhere."""
    now = composition.now()
    new = orders.NewOrder(
        controller="Gemeente Voorbeeld (demo)",
        basis="Demo: verzonnen berichten van een eigen computer, geen grondslag nodig",
        occasion="Laten zien hoe Seinpost werkt",
        scope=Scope(sources=(Source.BLUESKY_POST, Source.EXPORT)),
        starts_at=now,
        ends_at=now + timedelta(days=ORDER_DAYS),
        seeds=(
            orders.NewSeed(
                Source.BLUESKY_POST, "*", "verzonnen stroom op deze computer", now.date() + timedelta(ORDER_DAYS)
            ),
        ),
    )
    engine = composition.database(settings).engine_for("seinpost_web")
    try:
        with acting(engine, drafter, "seinpost_supervisor") as connection:
            order = orders.draft(connection, new, drafter, composition.key_folder(settings).master_key(), now)
        for approver in approvers:
            with acting(engine, approver, "seinpost_supervisor") as connection:
                orders.approve(connection, order.number, approver, now)
    finally:
        engine.dispose()
