"""The manifests that the estate's generic-service chart makes of our values, as its documentation has them.

The chart is not on this machine and is no part of ours, so this is no rendering
of it: each part of our values is put where Kubernetes has it, for the schemas of
Kubernetes to be held to.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["CHART", "KNOWN", "ROOT", "manifests", "read", "values"]

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/aboveline"

_NAMES = {
    "": "affinity allowlist allowlist_groups allowlist_version autoscaling containerArgs containerCommand "
    "custommetrics env envFrom extraContainers fullnameOverride image imagePullSecrets ingress lifecycle "
    "livenessProbe nameOverride namespace_secrets nodeSelector podAnnotations podSecurityContext "
    "poddisruptionbudget productId readinessProbe replicaCount resources retryDlqCronjob scheduledDowntime "
    "securityContext service serviceAccountName startupProbe strategy tolerations volumeMounts volumes",
    "autoscaling": "enabled maxReplicas minReplicas targetCPUUtilizationPercentage",
    "custommetrics": "enabled metricsPath metricsPort scrapeInterval",
    "image": "port pullPolicy repository tag",
    "ingress": "annotations enabled healthPath host hosts path tlsSecretName",
    "poddisruptionbudget": "enabled maxUnavailable minAvailable",
    "service": "enabled port type",
}
KNOWN = {part: frozenset(names.split()) for part, names in _NAMES.items()}
"""The values that version 1.3 of generic-service knows, and what is in some of them: helm passes over others in silence."""


def read(path: Path) -> dict[str, Any]:
    """Read YAML, with its anchors followed."""
    yaml = YAML(typ="safe")
    found: dict[str, Any] = yaml.load(path)
    return found


def values() -> dict[str, Any]:
    """Return the chart's values with the example's over them."""
    return _merged(read(CHART / "values.yaml"), read(CHART / "values-example.yaml"))


def manifests(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the deployment of one part, and its ingress where it has one."""
    name, image = part["fullnameOverride"], part["image"]
    labels = {"app": name}
    env = [
        {"name": one, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
        for secret, keys in part["namespace_secrets"].items()
        for one, key in keys.items()
    ] + [{"name": one, "value": value} for one, value in part["env"].items()]
    container = {
        "name": name,
        "image": f"{image['repository']}:{image['tag']}",
        "imagePullPolicy": image["pullPolicy"],
        "args": part["containerArgs"],
        "ports": [{"name": "http", "containerPort": image["port"], "protocol": "TCP"}],
        "env": env,
        **{
            key: part[key]
            for key in ("livenessProbe", "readinessProbe", "resources", "securityContext", "volumeMounts")
            if part.get(key) is not None
        },
    }
    template = {
        "metadata": {"labels": labels},
        "spec": {
            "securityContext": part["podSecurityContext"],
            "containers": [container],
            "volumes": part["volumes"],
        },
    }
    spec = {
        "replicas": part["replicaCount"],
        "selector": {"matchLabels": labels},
        "template": template,
        **{key: part[key] for key in ("strategy",) if key in part},
    }
    yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}
    ingress = part["ingress"]
    if ingress["enabled"]:
        backend = {"service": {"name": name, "port": {"number": 80}}}
        path = {"path": "/", "pathType": "ImplementationSpecific", "backend": backend}
        yield {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": name},
            "spec": {
                "tls": [{"hosts": ingress["hosts"], "secretName": ingress["tlsSecretName"]}],
                "rules": [{"host": host, "http": {"paths": [path]}} for host in ingress["hosts"]],
            },
        }


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Put one file of values over another, as helm does."""
    both = dict(first)
    for name, value in second.items():
        known = both.get(name)
        both[name] = (
            _merged(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
        )
    return both
