"""The compose file is one by the compose specification, and the chart's values make what Kubernetes takes."""

import copy
from collections.abc import Callable
from typing import Any

import kubernetes_validate
import pytest
from compose_spec import PyOptions

from deploy.manifests import CHART, KNOWN, ROOT, manifests, read, values

KUBERNETES = "1.33"
COMPOSE = ROOT / "deploy/compose.yaml"


def check_compose(text: str) -> None:
    """Hold a compose file to the specification, with what it merges merged."""
    PyOptions(apply_merge=True).from_yaml(text).validate()


def check_manifest(manifest: dict[str, Any]) -> None:
    """Hold a manifest to the schema of its kind, with nothing in it that the schema does not know."""
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_compose_file_is_one() -> None:
    """The specification takes it, every volume that is named is there, and what waits for health waits for what has it."""
    check_compose(COMPOSE.read_text(encoding="utf-8"))
    file = read(COMPOSE)
    for name, service in file["services"].items():
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in file["volumes"], name
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "test" in file["services"][other].get("healthcheck", {"test": "of the image"}), other


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("read_only:", "read_onyl:", "read_onyl"),
        ("service_healthy", "healthy", "healthy"),
        ("127.0.0.1:8000:8000", "eight thousand", "port"),
    ],
)
def test_wrong_compose_file_is_found(right: str, wrong: str, said: str) -> None:
    """The check can fail: an option that there is not, a state that there is not, a port that is none."""
    text = COMPOSE.read_text(encoding="utf-8")
    assert right in text
    with pytest.raises(ValueError, match=said):
        check_compose(text.replace(right, wrong))


@pytest.mark.parametrize("name", ["server", "worker"])
def test_values_make_what_kubernetes_takes(name: str) -> None:
    """Each part of them fits the schema of where it goes, and the chart knows each by its name."""
    part = values()[name]
    made = list(manifests(part))

    assert (2 if name == "server" else 1) == len(made)
    for manifest in made:
        check_manifest(manifest)
    assert set() == set(part) - KNOWN[""]
    for key, known in KNOWN.items():
        assert set() == set(part.get(key, {}) if key else ()) - known, key


def misspell(manifest: dict[str, Any]) -> None:
    """Misspell what keeps the root read-only."""
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    container["securityContext"]["readOnlyRootFileSystem"] = True


def number(manifest: dict[str, Any]) -> None:
    """Set an environment's value to a number."""
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    container["env"][-1]["value"] = 8000


@pytest.mark.parametrize("damage", [misspell, number])
def test_wrong_values_are_found(damage: Callable[[dict[str, Any]], None]) -> None:
    """The check can fail: a name that there is not, a value of another kind."""
    manifest = copy.deepcopy(next(iter(manifests(values()["server"]))))
    damage(manifest)
    with pytest.raises(kubernetes_validate.ValidationError):
        check_manifest(manifest)


def test_chart_is_one() -> None:
    """It says which version of the estate's chart it needs, for each part of its values."""
    chart = read(CHART / "Chart.yaml")
    aliases = [one["alias"] for one in chart["dependencies"]]

    assert ("v2", "application") == (chart["apiVersion"], chart["type"])
    assert sorted(values()) == sorted(aliases)
    assert {"generic-service"} == {one["name"] for one in chart["dependencies"]}
    assert {"^1.3.0"} == {one["version"] for one in chart["dependencies"]}
