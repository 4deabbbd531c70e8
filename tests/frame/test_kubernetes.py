"""The manifests are valid by Kubernetes' own schemas, run what the compose file runs, and give nothing away.

They were never run on a cluster: what is stated here is what can be stated without one.
"""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from pipeline.topic_access import ADMINISTRATOR, PROCESSES
from pipeline.topics import POSTS
from seinpost.settings import Settings
from tests.frame.compose import commands, services

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
VERSIONS = ("1.34",)
WORKLOADS = ("Deployment", "Job")


def _documents() -> list[dict[str, Any]]:
    kustomization = yaml.safe_load((FOLDER / "kustomization.yml").read_text())
    assert sorted(kustomization["resources"]) == sorted(
        file.name for file in FOLDER.glob("*.yml") if file.name != "kustomization.yml"
    )
    return [
        document for name in kustomization["resources"] for document in yaml.safe_load_all((FOLDER / name).read_text())
    ]


DOCUMENTS = _documents()
PODS: dict[str, dict[str, Any]] = {
    document["metadata"]["name"]: document["spec"]["template"]
    for document in DOCUMENTS
    if document["kind"] in WORKLOADS
}
CONTAINERS: dict[str, dict[str, Any]] = {
    container["name"]: container for pod in PODS.values() for container in pod["spec"]["containers"]
}
each_pod = pytest.mark.parametrize("name", sorted(PODS))
each_container = pytest.mark.parametrize("name", sorted(CONTAINERS))


def _of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for document in DOCUMENTS if document["kind"] == kind}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid_by_the_schemas_of_kubernetes(version: str) -> None:
    for document in DOCUMENTS:
        kubernetes_validate.validate(document, version, strict=True)
    wrong = yaml.safe_load(yaml.safe_dump(_of_kind("Deployment")["analyse"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["comand"] = ["seinpost"]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, version, strict=True)


def _words(container: dict[str, Any]) -> list[str]:
    """The words after `seinpost`; a shell that only lays a file ready first is looked through."""
    command = [str(word) for word in container["command"]]
    if command[:2] == ["sh", "-c"]:
        command = command[2].rpartition("exec ")[2].split()
    assert command[0] == "seinpost"
    return command[1:]


def test_they_run_the_very_commands_and_image_of_the_compose_file() -> None:
    asked = {name for name, service in services().items() if "profiles" in service}
    standing = {name: words for name, words in commands().items() if name not in asked}
    assert {name: _words(container) for name, container in CONTAINERS.items()} == standing
    assert {container["image"] for container in CONTAINERS.values()} == {services()["serve"]["image"]}


def test_every_setting_exists_and_is_one_of_the_compose_file() -> None:
    known = {f"SEINPOST_{name.upper()}" for name in Settings.model_fields}
    compose = services()["serve"]["environment"]
    assert isinstance(compose, dict)
    for settings in _of_kind("ConfigMap").values():
        assert settings["data"].keys() <= known
        assert settings["data"].keys() <= compose.keys()
    assert _of_kind("ConfigMap")["settings"]["data"].keys() == compose.keys()


@each_container
def test_no_container_has_a_privilege_or_can_write_its_own_files(name: str) -> None:
    assert CONTAINERS[name]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in CONTAINERS[name]["resources"]["limits"]


@each_pod
def test_no_pod_is_root_or_knows_the_cluster(name: str) -> None:
    spec = PODS[name]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
    assert all("hostPath" not in volume for volume in spec["volumes"])
    labels = _of_kind("Namespace")["seinpost"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@each_pod
def test_each_process_has_its_own_certificate_for_kafka_or_none(name: str) -> None:
    spec = PODS[name]["spec"]
    secrets = {volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume}
    kafka = {secret.removeprefix("kafka-") for secret in secrets if secret.startswith("kafka-")}
    allowed = {process.login: process.runs for process in PROCESSES} | {ADMINISTRATOR: "topics apply"}
    assert len(kafka) <= 1
    assert ("reaches-kafka" in PODS[name]["metadata"]["labels"]) == bool(kafka)
    for login in kafka:
        assert any(
            " ".join(_words(c)[: len(run.split())]) == run for c in spec["containers"] for run in _runs(allowed[login])
        )
    for container in spec["containers"]:
        shared = container["envFrom"][0]["configMapRef"]["name"]
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert (shared == "settings") == ("/run/secrets/kafka" in mounts)


def _runs(runs: str) -> list[str]:
    return [run.strip() for run in runs.partition(":")[0].split(",")]


def test_no_secret_stands_in_a_manifest() -> None:
    assert _of_kind("Secret") == {}
    for container in CONTAINERS.values():
        for variable in container.get("env", []):
            assert "PASSWORD" not in variable["name"]
            assert ":" not in variable.get("value", "").partition("//")[2].partition("@")[0]


def test_the_network_is_closed_but_for_what_a_process_needs() -> None:
    policies = _of_kind("NetworkPolicy")
    assert policies["nobody"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    opened = {
        label for policy in policies.values() for label in policy["spec"]["podSelector"].get("matchLabels", {})
    } - {"app.kubernetes.io/name"}
    worn = {label for pod in PODS.values() for label in pod["metadata"]["labels"] if label.startswith("reaches-")}
    assert opened == worn
    outside = {name for name, pod in PODS.items() if "reaches-sources" in pod["metadata"]["labels"]}
    assert outside == {"collect-stream", "collect-feeds", "recheck"}
    assert "reaches-database" not in PODS["analyse"]["metadata"]["labels"]


def test_the_screens_have_probes_and_what_runs_twice_keeps_one_while_machines_are_renewed() -> None:
    serve = CONTAINERS["serve"]
    assert serve["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert serve["livenessProbe"]["httpGet"]["path"] == "/healthz"
    twice = {name for name, each in _of_kind("Deployment").items() if each["spec"]["replicas"] > 1}
    assert set(_of_kind("PodDisruptionBudget")) == twice
    for name, budget in _of_kind("PodDisruptionBudget").items():
        assert budget["spec"]["selector"]["matchLabels"].items() <= PODS[name]["metadata"]["labels"].items()


def test_analysts_scale_no_further_than_the_partitions_reach() -> None:
    scaler = _of_kind("HorizontalPodAutoscaler")["analyse"]["spec"]
    assert scaler["scaleTargetRef"]["name"] in _of_kind("Deployment")
    assert scaler["maxReplicas"] == POSTS.partitions


def test_a_collector_never_runs_beside_itself() -> None:
    for name in ("collect-stream", "collect-feeds", "recheck"):
        spec = _of_kind("Deployment")[name]["spec"]
        assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
