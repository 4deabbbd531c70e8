"""How channels are doing, and sending again: asked through indexes, only by who may, and from the command line."""

import base64
import json
import re

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from standardwebhooks import Webhook
from typer.testing import CliRunner, Result

from forwarding.directory import import_directory
from forwarding.directory_file import DirectoryWrong, read_directory
from pipeline.key_folder import KeyFolder
from pipeline.store import endpoints, notices
from pipeline.store.connection import Database, acting
from pipeline.store.notices import ChannelName
from pipeline.store.roles import OWNER
from seinpost.cli.channels import app
from seinpost.cli.doctor import app as doctor
from signals.referral import RecipientKind
from tests.forwarding.channels.telling import give_endpoint, refer, true_time
from tests.forwarding.test_dispatcher_killed import fill
from tests.forwarding.town import BOOK, Town, empty_town
from tests.people import add_user

PARTNER = "https://meldingen.politie.example/seinpost"
ORGANISATION = "Organisatie wijkagent police"


def command(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def agree(town: Town) -> None:
    with town.owner() as owner:
        owner.execute("UPDATE agreements SET channels = '{email,webhook,misp}'")


def test_a_system_is_added_listed_and_turned_off_and_its_secret_is_shown_once(installed: Town, keys: KeyFolder) -> None:
    added = command("add", ORGANISATION, "--url", PARTNER)
    assert added.exit_code == 0, added.output
    secret = re.search(r"whsec_\S+", added.output)
    assert secret is not None
    listed = command("list", "--json")
    there = json.loads(listed.stdout)
    (endpoint,) = there["endpoints"]
    assert (endpoint["url"], endpoint["active"], endpoint["agreed"]) == (PARTNER, True, False)
    assert secret[0] not in listed.output
    kept = keys.endpoint_key(endpoint["id"])
    assert kept == base64.b64decode(secret[0].removeprefix("whsec_"))
    assert Webhook(secret[0]).sign("1", true_time(), "{}") == Webhook(kept).sign("1", true_time(), "{}")
    assert "no agreement allows it today" in command("list").output
    agree(installed)
    assert "no agreement" not in command("list").output
    refer(installed, "wijkagent")
    assert command("off", ORGANISATION).exit_code == 0
    assert ", off" in command("list").output
    assert command("off", "Nobody").exit_code == 2
    with installed.owner() as owner:
        kinds = {row[0] for row in owner.execute("SELECT payload::jsonb ->> 3 FROM trail").fetchall()}
        assert {"endpoint_kept", "endpoint_off"} <= kinds
        assert owner.execute("SELECT count(*) FROM trail WHERE payload LIKE '%whsec%'").fetchone() == (0,)


@pytest.mark.parametrize(
    "words",
    [
        (ORGANISATION, "--url", "http://partner.example/"),
        (ORGANISATION, "--url", "https://10.0.0.1/"),
        (ORGANISATION, "--url", "https://127.0.0.1:8443/"),
        ("Nobody", "--url", PARTNER),
        (ORGANISATION, "--url", PARTNER, "--misp", "5c4f2a6a-0d1e-4a52-9b1e-5f5b0c1d2e3f"),
    ],
)
def test_what_cannot_be_a_system_is_refused_and_nothing_is_kept(installed: Town, words: tuple[str, ...]) -> None:
    refused = command("add", *words)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    with installed.owner() as owner:
        assert owner.execute("SELECT count(*) FROM endpoints").fetchone() == (0,)


def test_what_failed_is_a_failure_of_the_list_until_it_is_sent_again(installed: Town) -> None:
    agree(installed)
    give_endpoint(installed, "wijkagent", PARTNER)
    refer(installed, "wijkagent")
    with installed.owner() as owner:
        owner.execute("UPDATE notices SET state = 'failed', last_problem = 'not_verified' WHERE channel = 'webhook'")
    failed = command("list")
    assert failed.exit_code == 1
    assert "1 failed (not_verified)" in failed.output
    assert "1 notices are sent again" in command("again", "webhook").output
    assert command("list").exit_code == 0
    assert "0 notices are sent again" in command("again", "webhook").output


def test_an_agreement_names_its_channels_in_the_directory_and_without_a_word_it_is_e_mail(town: Town) -> None:
    def imported(**more: object) -> list[str]:
        agreement = {
            "purpose": "proef",
            "fields": ["place"],
            "starts_on": "2026-01-01",
            "ends_on": "2030-01-01",
            **more,
        }
        organisation = {"name": "Team", "kind": "field", "municipality": "Waterstad", "agreements": [agreement]}
        owner = town.database.url.set(username=OWNER, password=town.database.password(OWNER))
        engine = create_engine(owner)
        with engine.begin() as connection:
            import_directory(
                connection, read_directory(json.dumps({"organisations": [organisation]})), BOOK, true_time()
            )
            found = connection.execute(text("SELECT channels FROM seinpost.agreements WHERE purpose = 'proef'"))
            channels: list[str] = found.scalar_one()
        engine.dispose()
        return channels

    assert imported() == ["email"]
    assert imported(channels=["webhook", "email"]) == ["email", "webhook"]
    assert imported() == ["email"], "what the file no longer says is no longer agreed"
    with pytest.raises(DirectoryWrong):
        imported(channels=["fax"])


def test_doctor_says_when_the_permission_for_tests_is_on(installed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def webhooks() -> dict[str, object]:
        found = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)
        (one,) = [finding for finding in found if finding["what"] == "webhooks"]
        return dict(one)

    assert webhooks()["fine"] is True
    monkeypatch.setenv("SEINPOST_WEBHOOK_LOOPBACK", "true")
    on = webhooks()
    assert on["fine"] is False
    assert "webhook_loopback" in str(on["says"])


def test_nobody_but_who_reads_or_manages_sends_again_and_no_role_reads_where_partners_are(town: Town) -> None:
    web = town.database.engine_for("seinpost_web")
    onlooker = add_user(town.database, "toezicht", "board")
    with acting(web, onlooker, "seinpost_supervisor") as connection:
        assert [one.channel for one in endpoints.counts(connection, true_time())] == list(ChannelName)
    with pytest.raises(ProgrammingError), acting(web, onlooker, "seinpost_supervisor") as connection:
        endpoints.again(connection, ChannelName.EMAIL, true_time())
    with pytest.raises(ProgrammingError), town.recipient("wijkagent", RecipientKind.POLICE) as connection:
        endpoints.counts(connection, true_time())
    with pytest.raises(ProgrammingError), town.recipient("wijkagent", RecipientKind.POLICE) as connection:
        endpoints.again(connection, ChannelName.EMAIL, true_time())
    with pytest.raises(ProgrammingError), town.expert() as connection:
        connection.execute(text("SELECT url FROM seinpost.endpoints"))
    with town.expert() as connection:
        assert endpoints.again(connection, ChannelName.EMAIL, true_time()) == 0
    web.dispose()


def test_the_dispatchers_question_and_the_counts_go_through_indexes(database: Database) -> None:
    """Plans of the very words that are asked, with reading a table through made dear as on a large one."""
    town = empty_town(database)
    fill(town)
    now = f"timestamptz '{true_time().isoformat()}'"
    claim = notices._CLAIM.text.replace(":now", now).replace(":channel", "'email'").replace(":most", "4")
    with town.owner() as owner:
        owner.execute("ANALYZE")
        owner.execute("SET enable_seqscan = off")
        owner.execute("SET enable_bitmapscan = off")
        row = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'channel_counts'").fetchone()
        assert row is not None
        counts = re.sub(r"(?<![.\w])at(?!\w)", now, row[0])
        plans = {
            name: "\n".join(line for (line,) in owner.execute(f"EXPLAIN {asked}").fetchall())
            for name, asked in (("claim", claim), ("counts", counts))
        }
    assert {one for one in ("notices_waiting", "notices_referral", "referrals_pkey") if one in plans["claim"]} == {
        *("notices_waiting", "notices_referral", "referrals_pkey"),
    }, plans["claim"]
    for index in ("notices_waiting", "notices_sent", "notices_dead"):
        assert index in plans["counts"], plans["counts"]
    for plan in plans.values():
        assert "Seq Scan on notices" not in plan
        assert "Seq Scan on referrals" not in plan
