"""Settings, from the environment: ``ABOVELINE_...``, or the estate's own names where it has them.

Development is the default and stays on loopback. Production refuses to start
until all it needs is there, and names all that is missing at once. Secrets are
never shown, neither in a representation nor in an error.
"""

import ipaddress
import os
from collections.abc import Iterator
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    AliasGenerator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aboveline.problems import did_you_mean

from .setting_names import NEEDED_IN_PRODUCTION, PREFIX, names_of

__all__ = ["ANY_AUDIENCE", "Settings", "SettingsError", "read_settings"]

ANY_AUDIENCE = "any"
"""The audience of tokens is not looked at: for an issuer that puts none in."""

_NOT_SETTINGS = {"ABOVELINE_BROWSER"}
_SHORTEST_KEY = 32


class SettingsError(ValueError):
    """The settings cannot be used. Says everything that is wrong with them, and no value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The service cannot start:\n" + "\n".join(f"- {one}" for one in problems))


class Settings(BaseSettings):
    """Everything that can be set. ``docs/running.md`` has the same table."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(*names_of(name))),
    )

    environment: Literal["development", "production"] = Field(
        "development", description="`production` asks for all that development makes up"
    )
    host: str = Field("127.0.0.1", description="Address to listen on; in development a loopback address")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on")
    base_url: str = Field("http://127.0.0.1:8000", description="Where browsers find the service")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Names it is also called by, as inside a cluster; parted by commas"
    )
    trusted_proxies: str | None = Field(
        None, description="Addresses of proxies whose word is taken on who asks; parted by commas"
    )
    auth_url: str = Field(
        "http://127.0.0.1:8001", description="The identity provider, as this service reaches it"
    )
    auth_external_url: str | None = Field(
        None, description="The identity provider, as browsers reach it, where that differs"
    )
    jwks_url: str | None = Field(
        None, description="Its keys; `/.well-known/jwks.json` below its address where not set"
    )
    ca_file: str | None = Field(
        None, description="Certificates (PEM) to trust as well, where the provider's own is not a public one"
    )
    token_issuer: str | None = Field(
        None, description="What tokens must name as their issuer; its address where not set"
    )
    token_audience: str = Field(
        "aboveline", description="What tokens must be meant for; `any` for an issuer that does not say"
    )
    token_leeway_seconds: int = Field(
        30, ge=0, le=300, description="How far the clocks of issuer and service may be apart"
    )
    login_client_id: str = Field("aboveline-web", description="What signing in by browser is registered as")
    login_client_secret: SecretStr = Field(
        SecretStr("development-only"), description="The secret of that registration"
    )
    session_idle_minutes: int = Field(30, ge=1, le=480, description="Unused for that long, a session ends")
    session_hours: int = Field(8, ge=1, le=24, description="After that long a session ends, used or not")
    database_url: SecretStr = Field(SecretStr("sqlite:///aboveline.db"), description="Where data is kept")
    pseudonym_key: SecretStr = Field(
        SecretStr("development-only-pseudonyms-0000"),
        description="Key of the pseudonyms of cases, at least 32 characters; changing it changes them all",
    )
    requests_per_minute: int = Field(
        300, ge=1, description="How often one user, or one address that did not sign in, may ask"
    )
    requests_at_once: int = Field(60, ge=1, description="How many of those may come in one burst")
    body_limit_kib: int = Field(1024, ge=1, description="Largest body of a request, in KiB")
    upload_limit_mib: int = Field(256, ge=1, description="Largest upload as sent, in MiB")
    inflated_limit_mib: int = Field(1024, ge=1, description="Largest upload once unpacked, in MiB")
    worker_lease_seconds: int = Field(
        60,
        ge=2,
        le=3600,
        description="A worker that was not heard of for so long has lost its audit to another",
    )
    draft_limit_seconds: int = Field(
        300, ge=5, le=3600, description="A draft of the rules that takes longer to try is stopped"
    )
    product_id: str = Field("UNASSIGNED", description="The product's number in the estate, for `/info`")
    build_number: str = Field("unknown", description="What was built, for `/info`")
    git_ref: str = Field("unknown", description="What it was built from, for `/info`")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="From which level to log"
    )
    metrics_token: SecretStr | None = Field(
        None, description="What must be shown to read `/metrics`; in production there are none without it"
    )
    tracing_url: str | None = Field(
        None, description="Where to send traces (OTLP over HTTP); needs the `telemetry` extra"
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _parted(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("base_url", "auth_url", "auth_external_url", "jwks_url", "tracing_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address, such as https://example.org/path")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _fit_to_run(self) -> Self:
        problems = list(self._unfit())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unfit(self) -> Iterator[str]:
        if not self.is_production:
            if not _is_loopback(self.host):
                yield f"{PREFIX}HOST must be a loopback address in development"
            return
        yield from _missing(self.model_fields_set)
        for name in ("base_url", "auth_url", "auth_external_url", "jwks_url"):
            value = getattr(self, name)
            if name in self.model_fields_set and value and not value.startswith("https://"):
                yield f"{PREFIX}{name.upper()} must begin with https:// in production"
        if len(self.pseudonym_key.get_secret_value()) < _SHORTEST_KEY:
            yield f"{PREFIX}PSEUDONYM_KEY must have at least {_SHORTEST_KEY} characters"

    @property
    def is_production(self) -> bool:
        """Say whether other people's data is at stake."""
        return self.environment == "production"

    @property
    def origin(self) -> str:
        """Return the origin that browsers send from our own pages."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hosts(self) -> frozenset[str]:
        """Return what requests may be addressed to, in lower case."""
        return frozenset(host.lower() for host in (urlsplit(self.base_url).netloc, *self.allowed_hosts))

    @property
    def keys_url(self) -> str:
        """Return where the identity provider publishes its keys."""
        return self.jwks_url or f"{self.auth_url}/.well-known/jwks.json"

    @property
    def issuer(self) -> str:
        """Return what a token must name as its issuer."""
        return self.token_issuer or self.auth_url


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: something is missing or cannot be used; it lists all of that.
    """
    problems = [
        f"{name} is not a setting{did_you_mean(name, _every_name())}"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in _every_name() | _NOT_SETTINGS
    ]
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            said = one["msg"].removeprefix("Value error, ")
            problems += [f"{one['loc'][0]}: {said}"] if one["loc"] else said.split("; ")
        if os.environ.get(f"{PREFIX}ENVIRONMENT") == "production":
            # A value that cannot be read keeps the model from looking for what is missing.
            here = {
                name for name in Settings.model_fields if any(os.environ.get(one) for one in names_of(name))
            }
            problems += [one for one in _missing(here) if one not in problems]
        raise SettingsError(problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def _missing(here: set[str]) -> Iterator[str]:
    for name in NEEDED_IN_PRODUCTION:
        if name not in here:
            yield f"{' or '.join(names_of(name))} is not set, and production needs it"


def _every_name() -> set[str]:
    return {name for setting in Settings.model_fields for name in names_of(setting)}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
