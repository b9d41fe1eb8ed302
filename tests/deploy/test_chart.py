"""The Helm chart: rendered by Helm's own engine with every set of values, and held to Kubernetes' schemas."""

from __future__ import annotations

import copy
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from streams import settings as settings_module
from streams.broker.progress import STAGE_TOPICS
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "dateline"
VALUES = sorted((CHART / "ci").glob("*-values.yaml"))
KUBERNETES = ("1.28", "1.31", "1.34", "1.37")
CRDS = json.loads((Path(__file__).parent / "crd_schemas.json").read_text())

Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def helm() -> Any:
    """Helm's engine; skip without it, fail where DATELINE_REQUIRE_DEPLOY=1."""
    return _module("helm_python")


@pytest.fixture(scope="session")
def kubernetes() -> Any:
    """Kubernetes' schemas; skip without them, fail where DATELINE_REQUIRE_DEPLOY=1."""
    return _module("kubernetes_validate")


def _module(name: str) -> Any:
    if os.environ.get("DATELINE_REQUIRE_DEPLOY") == "1":
        return importlib.import_module(name)
    return pytest.importorskip(name, reason="needs `make setup-deploy`")


def values_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def render(helm: Any, values: dict[str, Any]) -> list[Manifest]:
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        files = chart.render(values, name="news", namespace="prod")
    texts = [text for path, text in files.items() if not path.endswith(".txt")]
    return [manifest for text in texts for manifest in yaml.safe_load_all(text) if manifest]


def one(manifests: list[Manifest], kind: str) -> Manifest:
    (found,) = (manifest for manifest in manifests if manifest["kind"] == kind)
    return found


def pods(manifests: list[Manifest]) -> list[Manifest]:
    return [m["spec"]["template"] for m in manifests if m["kind"] in {"StatefulSet", "Job", "Deployment"}]


@pytest.fixture(params=VALUES, ids=lambda path: path.stem.removesuffix("-values"))
def values(request: pytest.FixtureRequest) -> dict[str, Any]:
    return values_of(request.param)


@pytest.fixture
def manifests(helm: Any, values: dict[str, Any]) -> list[Manifest]:
    return render(helm, values)


def test_helm_finds_nothing_to_mend(helm: Any, values: dict[str, Any]) -> None:
    found = helm.lint(str(CHART), values)
    assert found["errors"] == []
    said = [message["error"] for message in found["messages"]]
    assert said == ["icon is recommended"]


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_takes_every_manifest(manifests: list[Manifest], kubernetes: Any, version: str) -> None:
    for manifest in manifests:
        if manifest["kind"] not in CRDS:
            kubernetes.validate(manifest, version, strict=True)


def test_the_operators_take_theirs(manifests: list[Manifest]) -> None:
    for manifest in manifests:
        if schema := CRDS.get(manifest["kind"]):
            jsonschema.validate(manifest["spec"], schema)


def test_the_checkers_find_a_misspelled_key(helm: Any, kubernetes: Any) -> None:
    made = render(helm, values_of(CHART / "ci" / "managed-kafka-values.yaml"))
    wrong = copy.deepcopy(one(made, "StatefulSet"))
    wrong["spec"]["serviceNam"] = wrong["spec"].pop("serviceName")
    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate(wrong, KUBERNETES[-1], strict=True)
    scaled = copy.deepcopy(one(made, "ScaledObject"))["spec"]
    scaled["maxReplicas"] = scaled.pop("maxReplicaCount")
    with pytest.raises(jsonschema.ValidationError, match="maxReplicas"):
        jsonschema.validate(scaled, CRDS["ScaledObject"])


def test_every_object_has_the_standard_labels(manifests: list[Manifest]) -> None:
    wanted = {
        f"app.kubernetes.io/{part}" for part in ("name", "instance", "version", "managed-by", "part-of")
    }
    wanted.add("helm.sh/chart")
    assert {m["kind"]: wanted - set(m["metadata"]["labels"]) for m in manifests} == {
        m["kind"]: set() for m in manifests
    }


def test_every_pod_is_locked_down(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 10001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]


def test_secrets_are_named_and_never_given(manifests: list[Manifest]) -> None:
    assert [m for m in manifests if m["kind"] == "Secret"] == []
    for pod in pods(manifests):
        given = {e["name"]: e for c in pod["spec"]["containers"] for e in c["env"]}
        for name in ("DATELINE_SASL_USERNAME", "DATELINE_SASL_PASSWORD", "DATELINE_SSL_KEY_PASSWORD"):
            assert name not in given or set(given[name]["valueFrom"]) == {"secretKeyRef"}


def test_no_setting_that_is_a_secret_can_stand_in_the_values() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert len(secret) > 1
    assert secret & set(schema["properties"]["settings"]["properties"]) == set()


def test_a_worker_understands_what_it_is_given(
    manifests: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    (container,) = one(manifests, "StatefulSet")["spec"]["template"]["spec"]["containers"]
    for variable in container["env"]:
        monkeypatch.setenv(variable["name"], variable.get("value", "3"))
        assert variable["name"].removeprefix("DATELINE_").lower() in Settings.model_fields
    settings = settings_module.load()
    if settings.security_protocol.startswith("SASL"):
        assert settings.sasl
    assert settings.slot == 3
    assert (
        settings.web_port + settings.slot * settings.web_port_step == container["ports"][0]["containerPort"]
    )
    mounted = [mount["mountPath"] for mount in container["volumeMounts"]]
    assert str(settings.data_dir) in mounted
    for file in (settings.ssl_cafile, settings.ssl_keyfile, settings.sasl_token_file):
        assert file is None or str(file.parent) in mounted


def test_a_slot_is_the_number_of_the_pod(manifests: list[Manifest]) -> None:
    (container,) = one(manifests, "StatefulSet")["spec"]["template"]["spec"]["containers"]
    (slot,) = (variable for variable in container["env"] if variable["name"] == "DATELINE_SLOT")
    assert slot["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['apps.kubernetes.io/pod-index']"


def test_workers_have_probes_and_time_to_stop(manifests: list[Manifest]) -> None:
    spec = one(manifests, "StatefulSet")["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    paths = {
        name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")
    }
    assert paths == {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}
    assert spec["terminationGracePeriodSeconds"] > 20


def test_each_selector_means_the_pods_of_its_own_part_alone(manifests: list[Manifest]) -> None:
    """Service, budget, monitor and policy mean the workers, those of the live page its one pod."""
    part = "app.kubernetes.io/component"
    for manifest in manifests:
        spec = manifest.get("spec", {})
        selector = spec.get("selector") or spec.get("podSelector")
        if selector:
            wanted = selector.get("matchLabels", selector).items()
            labels = [pod["metadata"]["labels"] for pod in pods(manifests)]
            meant = [label[part] for label in labels if wanted <= label.items()]
            assert meant == [manifest["metadata"]["labels"].get(part, "worker")]
            if manifest["kind"] == "ServiceMonitor":
                services = [m["metadata"]["labels"] for m in manifests if m["kind"] == "Service"]
                assert sum(wanted <= labels.items() for labels in services) == 1


def test_the_live_page_understands_what_it_is_given(
    manifests: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for found in (m for m in manifests if m["kind"] == "Deployment"):
        (container,) = found["spec"]["template"]["spec"]["containers"]
        for variable in container["env"]:
            monkeypatch.setenv(variable["name"], variable.get("value", "3"))
        settings = settings_module.load()
        assert settings.web_bind == "0.0.0.0"  # noqa: S104  (inside its pod)
        assert container["args"] == ["live", "--port", str(container["ports"][0]["containerPort"])]
        assert found["spec"]["replicas"] == 1


def test_scaling_ends_at_the_partitions(manifests: list[Manifest], values: dict[str, Any]) -> None:
    workers = one(manifests, "StatefulSet")["spec"]
    scaled = [m for m in manifests if m["kind"] == "ScaledObject"]
    assert ("replicas" in workers) == (not scaled)
    for found in scaled:
        spec = found["spec"]
        assert spec["maxReplicaCount"] == min(values["autoscaling"]["maxReplicas"], 8)
        prefix = values["kafka"].get("topicPrefix", "")
        topics = [trigger["metadata"]["topic"] for trigger in spec["triggers"]]
        assert topics == [f"{prefix}{topic}" for topic in STAGE_TOPICS]
        assert all(trigger["metadata"]["allowIdleConsumers"] == "false" for trigger in spec["triggers"])


def test_more_workers_than_partitions_are_refused(helm: Any) -> None:
    with pytest.raises(helm.HelmError, match="would be idle"):
        render(helm, {"replicaCount": 9})


WRONG: dict[str, dict[str, Any]] = {
    "a misspelled key": {"replicas": 3},
    "a misspelled setting": {"settings": {"seen_day": 3}},
    "a setting that the chart sets itself": {"settings": {"slot": 3}},
    "SASL without a secret": {"kafka": {"securityProtocol": "SASL_SSL"}},
    "a password in plain text": {"kafka": {"sasl": {"password": "hunter2"}}},
    "the password of a key in plain text": {"settings": {"ssl_key_password": "hunter2"}},
    "KEDA with a token": {
        "kafka": {
            "securityProtocol": "SASL_SSL",
            "sasl": {"mechanism": "OAUTHBEARER", "existingSecret": "t"},
        },
        "autoscaling": {"enabled": True},
    },
    "a broker without a port": {"kafka": {"brokers": "kafka"}},
    "a time too short to stop": {"terminationGracePeriodSeconds": 5},
    "a digest that is none": {"image": {"digest": "latest"}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_values_are_refused(helm: Any, wrong: str) -> None:
    with pytest.raises(helm.HelmError):
        render(helm, WRONG[wrong])


@pytest.mark.usefixtures("prometheus_tools")
def test_the_rules_reach_prometheus_with_the_address_of_their_pages(helm: Any, tmp_path: Path) -> None:
    made = render(helm, values_of(CHART / "ci" / "everything-values.yaml"))
    spec = one(made, "PrometheusRule")["spec"]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(spec))
    done = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "rules.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rules = [rule for group in spec["groups"] for rule in group["rules"] if "alert" in rule]
    assert {rule["annotations"]["runbook_url"] for rule in rules} == {
        f"https://example.org/dateline/docs/runbooks/{rule['alert']}.md" for rule in rules
    }
    relabelled = one(made, "ServiceMonitor")["spec"]["endpoints"][0]["relabelings"]
    assert relabelled == [{"targetLabel": "job", "replacement": "dateline"}]


def test_the_dashboards_are_those_of_the_repository(helm: Any) -> None:
    made = render(helm, values_of(CHART / "ci" / "everything-values.yaml"))
    folder = ROOT / "deploy" / "grafana" / "dashboards"
    assert one(made, "ConfigMap")["data"] == {path.name: path.read_text() for path in folder.glob("*.json")}


def test_the_values_sets_cover_every_template(helm: Any) -> None:
    with helm.Chart.load(str(CHART)) as chart:
        rendered = set()
        for path in VALUES:
            files = chart.render(values_of(path), name="news", namespace="prod")
            rendered |= {Path(name).name for name, text in files.items() if text.strip()}
    assert {path.name for path in (CHART / "templates").glob("*.yaml")} <= rendered


def test_the_chart_agrees_with_the_rest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == project["version"]
    defaults = yaml.safe_load((CHART / "values.yaml").read_text())
    topics = yaml.safe_load((ROOT / "schemas" / "topics.yaml").read_text())["topics"]
    assert defaults["partitions"] == topics["pages.raw"]["partitions"]
    uid = re.search(r"^USER (\d+):", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert uid is not None
    assert f"runAsUser: {uid[1]}" in (CHART / "templates" / "_helpers.tpl").read_text()


def test_every_default_is_in_the_schema() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    defaults = yaml.safe_load((CHART / "values.yaml").read_text())
    assert set(defaults) == set(schema["properties"]) - {"global"}


def test_the_copies_in_the_chart_are_current(tmp_path: Path) -> None:
    chart = tmp_path / "dateline"
    chart.mkdir()
    (chart / "values.schema.json").write_text((CHART / "values.schema.json").read_text())
    subprocess.run([sys.executable, "-m", "deploy.helm", chart], check=True, cwd=ROOT)
    made = {p.relative_to(chart): p.read_text() for p in chart.rglob("*") if p.is_file()}
    written = {p.relative_to(CHART): p.read_text() for p in (CHART / "files").rglob("*") if p.is_file()}
    written[Path("values.schema.json")] = (CHART / "values.schema.json").read_text()
    assert made == written, "run: make generate"
