"""Settings: read from the environment, all that is wrong said at once, and no secret shown."""

import os
import re
from pathlib import Path

import pytest

from aboveline.service import Settings, SettingsError, read_settings
from aboveline.service.setting_names import NEEDED_IN_PRODUCTION, names_of
from service.world import settings_of

RUNNING = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has no settings but those of the test."""
    for name in [one for setting in Settings.model_fields for one in names_of(setting)]:
        monkeypatch.delenv(name, raising=False)


def test_development_needs_nothing() -> None:
    """Without any setting it is development, on loopback."""
    settings = read_settings()

    assert ("development", "127.0.0.1") == (settings.environment, settings.host)


def test_production_names_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name at once, each with the one that the estate has for it."""
    monkeypatch.setenv("ABOVELINE_ENVIRONMENT", "production")

    with pytest.raises(SettingsError) as error:
        read_settings()

    for setting in NEEDED_IN_PRODUCTION:
        assert f"{' or '.join(names_of(setting))} is not set, and production needs it" in error.value.problems
    assert "ABOVELINE_AUTH_URL or HMPPS_AUTH_URL is not set, and production needs it" in str(error.value)


def test_missing_ones_are_named_beside_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is no number does not hide what is missing, and is not repeated."""
    monkeypatch.setenv("ABOVELINE_ENVIRONMENT", "production")
    monkeypatch.setenv("ABOVELINE_PORT", "kanarie")

    with pytest.raises(SettingsError) as error:
        read_settings()

    assert len(NEEDED_IN_PRODUCTION) < len(error.value.problems)
    assert "ABOVELINE_PORT" in str(error.value)
    assert "kanarie" not in str(error.value)


def test_estates_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours is taken where both are set; an empty one is not set."""
    monkeypatch.setenv("HMPPS_AUTH_URL", "https://auth.example/auth/")
    monkeypatch.setenv("INGRESS_URL", "https://theirs.example")
    monkeypatch.setenv("ABOVELINE_BASE_URL", "https://ours.example")
    monkeypatch.setenv("PRODUCT_ID", "")
    settings = read_settings()

    assert ("https://auth.example/auth", "https://ours.example") == (settings.auth_url, settings.base_url)
    assert "UNASSIGNED" == settings.product_id
    assert "https://auth.example/auth/.well-known/jwks.json" == settings.keys_url


def test_mistyped_setting_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that was never set because of a letter is worse than a service that does not start."""
    monkeypatch.setenv("ABOVELINE_SESION_HOURS", "1")

    with pytest.raises(SettingsError, match="did you mean 'ABOVELINE_SESSION_HOURS'"):
        read_settings()


def test_development_stays_on_loopback() -> None:
    """A service that forgot to say it is production is seen by nobody else."""
    with pytest.raises(ValueError, match="loopback"):
        settings_of(host="0.0.0.0")  # noqa: S104 - that is what is refused

    assert "0.0.0.0" == settings_of(environment="production", host="0.0.0.0").host  # noqa: S104


@pytest.mark.parametrize("name", ["base_url", "auth_url", "auth_external_url", "jwks_url"])
def test_production_is_reached_over_tls(name: str) -> None:
    """Tokens and keys do not go in the clear."""
    with pytest.raises(ValueError, match="https://"):
        settings_of(environment="production", **{name: "http://plain.example"})


def test_short_key_is_refused_in_production() -> None:
    """Pseudonyms by a short key could be undone by trying."""
    with pytest.raises(ValueError, match="32 characters"):
        settings_of(environment="production", pseudonym_key="k" * 31)


def test_secrets_are_never_shown() -> None:
    """Neither settings nor an error about them show a secret or the password of the database."""
    shown = repr(settings_of(environment="production"))
    with pytest.raises(ValueError, match="https://") as error:
        settings_of(environment="production", base_url="http://plain.example")

    for secret in ("a-secret-of-production", "a-password", "k" * 32):
        assert secret not in shown
        assert secret not in str(error.value)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_stands_in_the_docs(name: str) -> None:
    """The table in docs/running.md has each setting with its names, its default and its meaning."""
    field = Settings.model_fields[name]
    default = field.default
    if name in NEEDED_IN_PRODUCTION:
        shown = "needed in production"
    elif default in (None, ()):
        shown = "none"
    else:
        shown = f"`{default}`"
    names = " or ".join(f"`{one}`" for one in names_of(name))

    assert f"| {names} | {shown} | {field.description} |" in RUNNING


def test_docs_have_no_other_settings() -> None:
    """A setting that is gone is gone from the table."""
    named = set(re.findall(r"^\| `(ABOVELINE_[A-Z_]+)`", RUNNING, flags=re.MULTILINE))

    assert {names_of(name)[0] for name in Settings.model_fields} == named
    assert "ABOVELINE_BROWSER" not in named
    assert os.environ.get("ABOVELINE_ENVIRONMENT") is None
