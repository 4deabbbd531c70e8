"""Alerts and panels ask for what running processes really show, with labels they have; the rules are right."""

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from pipeline.kafka.local_broker import LocalBroker
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.watch.endpoint import MetricsPortTaken, registry, serving
from tests.conftest import REPOSITORY, missing
from tests.patience import until
from tests.pipeline.watch.watched_road import watched_road
from tests.review_ui.conftest import world
from tests.review_ui.world import World

__all__ = ["world"]

DEPLOY = REPOSITORY / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "seinpost.json"
GUIDE = REPOSITORY / "docs" / "how-to" / "watch-the-road.md"
POINTERS = {"id", "event", "post", "signal", "user", "school", "place", "handle", "link", "text", "order", "seed"}


def alerts() -> list[dict[str, object]]:
    """The rules of the file."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, object]]:
    """The panels of the dashboard that show something."""
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """Every question that is asked."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]  # type: ignore[attr-defined]
    return [*asked, *(str(rule["expr"]) for rule in alerts())]


def asked_labels(expression: str) -> Iterator[tuple[str, str]]:
    """Metrics and the labels by which they are chosen."""
    for name, chosen in re.findall(r"(seinpost_\w+)(?:\{([^}]*)\})?", expression):
        yield from ((name, label) for label in re.findall(r"(\w+)\s*[=!]~?", chosen))


def shown(page: str) -> dict[str, set[str]]:
    """Sample names of a page, each with its labels."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.kafka
def test_what_alerts_and_panels_ask_for_is_shown_by_the_running_road_and_web_application(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, world: World
) -> None:
    with (
        watched_road(kafka_broker.bootstrap, database, own_keys) as road,
        serving(road.registry, "127.0.0.1", 0) as port,
        serving(registry("analyse"), "127.0.0.1", 0) as bare,
    ):
        road.sink.accept([road.maker.post("1", "ik ga je steken")], None)
        road.flow()
        until(lambda: road.value("seinpost_worker_records_total", worker="intake", topic="seinpost.signals.v1") == 1)
        pages = [_get(port), _get(bare)]
    anyone = TestClient(world.app)
    anyone.get("/healthz")  # requests are counted when they are answered
    seen_by_anyone = anyone.get("/metrics")
    assert seen_by_anyone.status_code == 200
    # Each process names itself with `instance` and `job` when it is read.
    found = {
        name: labels | {"instance", "job"}
        for page in [*pages, seen_by_anyone.text]
        for name, labels in shown(page).items()
    }
    wanted = {name for expression in expressions() for name in re.findall(r"seinpost_\w+", expression)}
    assert sorted(wanted - found.keys()) == []
    unknown = [(n, label) for e in expressions() for n, label in asked_labels(e) if label not in found[n]]
    assert unknown == []
    assert {label for labels in found.values() for label in labels} & POINTERS == set()


def _get(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        page: str = answer.read().decode()
    return page


def test_a_port_that_is_taken_is_one_line() -> None:
    with serving(registry("intake"), "127.0.0.1", 0) as port, pytest.raises(MetricsPortTaken, match=str(port)):
        serving(registry("relay"), "127.0.0.1", port).__enter__()


def test_every_alert_says_what_it_means_and_has_its_section_in_the_guide() -> None:
    headings = re.findall(r"^### (\w+)", GUIDE.read_text(), flags=re.MULTILINE)
    assert headings == [str(rule["alert"]) for rule in alerts()]
    for rule in alerts():
        assert rule["labels"]["severity"] in {"page", "ticket"}  # type: ignore[index]
        assert rule["annotations"]["summary"]  # type: ignore[index]


def test_every_panel_says_what_it_shows_and_none_asks_for_more_than_it_names() -> None:
    for panel in panels():
        assert panel["title"]
        assert panel["description"]
        for target in panel["targets"]:  # type: ignore[attr-defined]
            legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert legend & POINTERS == set()


def test_the_dashboard_names_no_data_source_of_ours() -> None:
    assert {panel["datasource"]["uid"] for panel in panels()} == {"${source}"}  # type: ignore[index]


@pytest.mark.soak
def test_prometheus_itself_finds_the_rules_right_and_they_fire_when_they_should() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        missing("promtool is not here (Debian: apt-get install prometheus)")
    for arguments in (
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
        ("check", "config", "scrape.yml"),
    ):
        done = subprocess.run([promtool, *arguments], cwd=ALERTS.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soak
def test_the_rules_own_tests_cover_every_alert() -> None:
    covered = Path(DEPLOY / "prometheus" / "alerts_test.yml").read_text()
    assert [rule["alert"] for rule in alerts() if covered.count(str(rule["alert"])) < 2] == []
