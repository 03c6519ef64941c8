"""What it is deployed with names only settings that there are, and all that production needs; nothing is run as root."""

import re

import pytest

from aboveline.service import Settings
from aboveline.service.setting_names import NEEDED_IN_PRODUCTION, names_of
from deploy.manifests import CHART, ROOT, read, values

EVERY = {name: setting for setting in Settings.model_fields for name in names_of(setting)}
OTHERS = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def lines_of(text: str) -> list[str]:
    """Return the instructions of a Dockerfile, each on a line."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """Return the instructions of ours."""
    return lines_of((ROOT / "Dockerfile").read_text(encoding="utf-8"))


def test_image_runs_as_nobody_in_particular_and_tells_how_it_is(dockerfile: list[str]) -> None:
    """The last stage has a user by number, the command, and asks the path that is there for it."""
    last = dockerfile[max(n for n, line in enumerate(dockerfile) if line.startswith("FROM ")) :]
    users = [line.removeprefix("USER ") for line in last if line.startswith("USER ")]
    (health,) = (line for line in last if line.startswith("HEALTHCHECK "))

    assert ["2000:2000"] == users
    assert 'ENTRYPOINT ["aboveline"]' in last
    assert "/health/liveness" in health
    assert not [line for line in last if "pip" in line]
    assert {"python:3.11-slim"} == {line.split()[1] for line in dockerfile if line.startswith("FROM ")}


def test_image_installs_what_is_locked_alone(dockerfile: list[str]) -> None:
    """Every install of dependencies checks hashes, but of what builds the package, which is not in the image."""
    installs = [part for line in dockerfile for part in line.split("&&") if " install " in part]
    into_image = [one for one in installs if "/opt/aboveline/" in one]

    assert 2 == len(into_image)
    assert all("--require-hashes" in one or "--no-index" in one for one in into_image)


def test_image_sets_only_what_can_be_set(dockerfile: list[str]) -> None:
    """Each name in it is a setting, or the system's."""
    names = {name for line in dockerfile if line.startswith("ENV ") for name in re.findall(r"(\w+)=", line)}

    assert "ABOVELINE_HOST" in names
    assert set() == {name for name in names - OTHERS if not name.startswith("PIP_")} - set(EVERY)


def test_compose_gives_production_all_it_needs() -> None:
    """Between the example and the file itself nothing is missing, and nothing is there that is no setting."""
    file = read(ROOT / "deploy/compose.yaml")
    example = (ROOT / "deploy/settings.example").read_text(encoding="utf-8")
    written = set(re.findall(r"^(\w+)=", example, re.MULTILINE))

    for name in ("server", "worker"):
        service = file["services"][name]
        given = written | set(service["environment"])
        assert set() == given - set(EVERY)
        assert set(NEEDED_IN_PRODUCTION) <= {EVERY[one] for one in given}
        assert service["read_only"] is True
        assert ["ALL"] == service["cap_drop"]
    assert ["serve", "--no-worker"] == file["services"]["server"]["command"]
    assert ["work"] == file["services"]["worker"]["command"]


def test_chart_gives_production_all_it_needs() -> None:
    """The same of server and worker, with the example's values over the chart's; neither runs as root."""
    parts = values()
    aliases = {one["alias"] for one in read(CHART / "Chart.yaml")["dependencies"]}

    assert aliases == set(parts)
    for part in parts.values():
        given = set(part["env"]) | {name for one in part["namespace_secrets"].values() for name in one}
        assert set() == given - set(EVERY)
        assert set(NEEDED_IN_PRODUCTION) <= {EVERY[one] for one in given}
        assert part["securityContext"]["readOnlyRootFilesystem"] is True
        assert part["securityContext"]["runAsNonRoot"] is True
        assert ["/tmp"] == [one["mountPath"] for one in part["volumeMounts"]]  # noqa: S108 - the container's own
    assert parts["worker"]["livenessProbe"] is None
