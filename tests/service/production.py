"""The service as in production: what it is set by, an issuer of tokens with TLS, and a walk through it by the API.

The walk is the same whether it runs as processes (``test_production.py``) or in
containers (``python tests/in_containers.py``).
"""

import datetime as dt
import ipaddress
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pydantic import SecretStr

from aboveline.service import Settings
from aboveline.service.identity import create_identity
from aboveline.service.security.roles import Role
from service.running import until

__all__ = ["Issuer", "Walk", "issuing", "settings_of"]

HOST = "aboveline.test"
METRICS = "what-may-read-the-metrics"
ADMIN = "FIRST_ADMIN"
CLIENT, SECRET = "aboveline", "not-a-secret"


@dataclass(frozen=True)
class Issuer:
    """An issuer that runs: its address, the certificate to trust, and its tokens."""

    url: str
    certificate: Path
    identity: Any

    def token(self, user_name: str, *roles: Role, **claims: Any) -> str:
        """Return a token of somebody."""
        usual = {
            "user_name": user_name,
            "client_id": "somebody",
            "authorities": [str(one) for one in roles],
        }
        return str(self.identity.token(usual | claims))


@contextmanager
def issuing(folder: Path, port: int) -> Iterator[Issuer]:
    """Run one on loopback, with a certificate of its own for TLS."""
    url = f"https://127.0.0.1:{port}/auth"
    certificate, key = _certificate(folder)
    app = create_identity(
        Settings(
            auth_url=url,
            base_url=f"https://{HOST}",
            login_client_id=CLIENT,
            login_client_secret=SecretStr(SECRET),
        )
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            ssl_certfile=str(certificate),
            ssl_keyfile=str(key),
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the issuer")
    try:
        yield Issuer(url, certificate, app.state.identity)
    finally:
        server.should_exit = True
        thread.join()


def settings_of(database_url: str, issuer: str, port: int, certificate: Path | None = None) -> dict[str, str]:
    """Return the environment of production: all that it needs, as deploy/settings.example has it."""
    trusted = {} if certificate is None else {"ABOVELINE_CA_FILE": str(certificate)}
    return trusted | {
        "ABOVELINE_ENVIRONMENT": "production",
        "ABOVELINE_PORT": str(port),
        "ABOVELINE_BASE_URL": f"https://{HOST}",
        "ABOVELINE_AUTH_URL": issuer,
        "ABOVELINE_TOKEN_AUDIENCE": "any",
        "ABOVELINE_LOGIN_CLIENT_ID": CLIENT,
        "ABOVELINE_LOGIN_CLIENT_SECRET": SECRET,
        "ABOVELINE_PSEUDONYM_KEY": "a key for tests that is long enough",
        "ABOVELINE_PRODUCT_ID": "HMPPS000",
        "ABOVELINE_METRICS_TOKEN": METRICS,
        "ABOVELINE_DATABASE_URL": database_url,
    }


class Walk:
    """Asks a server of production, as the proxy in front of it passes requests on."""

    def __init__(self, port: int, issuer: Issuer) -> None:
        self._issuer = issuer
        self._client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"host": HOST}, timeout=60, trust_env=False
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def answers(self) -> bool:
        """Tell whether it says that it is up."""
        try:
            return self._client.get("/health").status_code == httpx2.codes.OK
        except httpx2.HTTPError:
            return False

    def says_how_it_is(self) -> None:
        """Probes are open, and answered under any name; metrics are for who has their token."""
        for path in ("/health", "/health/liveness", "/health/readiness", "/health/ping"):
            for host in (HOST, "10.0.0.7:8000"):
                answer = self._client.get(path, headers={"host": host})
                assert (200, "UP") == (answer.status_code, answer.json()["status"]), path
        assert "HMPPS000" == self._get("/info").json()["productId"]
        assert 421 == self._client.get("/v1/cases", headers={"host": "another.test"}).status_code
        assert self._client.get("/metrics").status_code in {401, 404}
        assert 200 == self._get("/metrics", METRICS).status_code

    def lets_nobody_in_without_the_issuer(self) -> None:
        """No token, one signed by another, one of another issuer, one that has run out: no answer. Pages lead to it."""
        issuer = self._issuer
        forged = issuer.token("MALLORY", *Role)[:-40] + "A" * 40
        old = issuer.identity.token({"user_name": "MALLORY", "client_id": "x"}, lifetime=-3600)
        for token in (None, forged, issuer.token("MALLORY", *Role, iss="https://another.test"), old):
            answer = self._get("/v1/cases", token)
            assert (401, True) == (answer.status_code, "cases" not in answer.json()), answer.text
        assert 404 == self._client.get("/oauth/authorize").status_code  # no development identity here
        for path in ("/", "/login"):
            page = self._client.get(path, headers={"accept": "text/html"})
            leads_to, cookie = page.headers["location"], page.headers["set-cookie"]
            assert (303, True) == (page.status_code, leads_to.startswith(f"{issuer.url}/oauth/authorize?"))
            assert "Secure" in cookie

    def signs_in_by_browser(self) -> None:
        """To the provider, back with a code that the service exchanges over TLS, and in; the session's cookie is for TLS alone."""
        begun = self._client.get("/login")
        trusted = ssl.create_default_context(cafile=str(self._issuer.certificate))
        with httpx2.Client(verify=trusted, trust_env=False) as browser:
            page = browser.get(begun.headers["location"])
            hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
            form = {name: unescape(value) for name, value in hidden} | {"user_name": "MANAGER"}
            chosen = browser.post(str(page.url).partition("?")[0], data=form)
        back = chosen.headers["location"]
        assert back.startswith(f"https://{HOST}/login/callback?")
        done = self._client.get(back.removeprefix(f"https://{HOST}"), headers={"cookie": _cookies(begun)})
        assert 303 == done.status_code, done.text
        assert all("Secure" in one for one in done.headers.get_list("set-cookie"))
        first = self._client.get("/", headers={"cookie": _cookies(done), "accept": "text/html"})
        assert (200, True) == (first.status_code, "MANAGER" in first.text), first.text

    def says_the_provider_is_away(self) -> None:
        """While the provider cannot be reached nobody signs in, and it says so; it is up all the same."""
        answer = self._client.get("/login", headers={"accept": "text/html"})
        assert 503 == answer.status_code, answer.text
        assert self.answers()

    def audits(self, cases: Path) -> str:
        """Grant somebody their areas, upload, audit, and return the JSON of the result."""
        admin = self._issuer.token(ADMIN, Role.ADMIN)
        asked = {"roles": [], "areas": ["*"], "reason": "runs audits"}
        granted = self._client.put("/v1/users/SOMEBODY", json=asked, headers=_bearer(admin))
        assert (200, ["*"]) == (granted.status_code, granted.json()["areas"]), granted.text

        token = self._issuer.token("SOMEBODY", Role.READ, Role.WRITE)
        content = cases.read_bytes()
        sent = self._client.post(
            "/v1/uploads",
            content=content,
            headers=_bearer(token) | {"content-type": "application/x-ndjson"},
        )
        assert (201, content.count(b"\n")) == (sent.status_code, sent.json()["new"]), sent.text
        asked_for = self._client.post(
            "/v1/audits", json={"as_of": "2013-12-02", "areas": ["*"]}, headers=_bearer(token)
        )
        assert 202 == asked_for.status_code, asked_for.text
        audit = asked_for.headers["location"]
        until(lambda: self._is_done(audit, token), "the audit")
        for form, begins in (("csv", b"case,"), ("xlsx", b"PK"), ("html", b"<!"), ("pdf", b"%PDF")):
            answer = self._get(f"{audit}/result.{form}", token)
            assert (200, True) == (answer.status_code, answer.content.startswith(begins)), form
        assert self._get(f"{audit}/result.json", token).json()["cases"] == content.count(b"\n")
        return self._get(f"{audit}/result.json?cases=ids", token).text

    def _is_done(self, audit: str, token: str) -> bool:
        time.sleep(0.5)  # there is a limit on how often one may ask
        return bool(self._get(audit, token).json()["state"] == "done")

    def _get(self, path: str, token: str | None = None) -> httpx2.Response:
        return self._client.get(path, headers=_bearer(token))


def _cookies(answer: httpx2.Response) -> str:
    """Return the cookies of an answer as a browser sends them back over TLS, which ends before the service."""
    return "; ".join(one.partition(";")[0] for one in answer.headers.get_list("set-cookie"))


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"authorization": f"Bearer {token}"}


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for loopback that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An issuer for tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "issuer.pem", folder / "issuer.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private
