"""What settings are called in the environment, and which of them production cannot do without."""

__all__ = ["NEEDED_IN_PRODUCTION", "PREFIX", "names_of"]

PREFIX = "ABOVELINE_"

NEEDED_IN_PRODUCTION = (
    "base_url",
    "auth_url",
    "token_audience",
    "login_client_id",
    "login_client_secret",
    "database_url",
    "pseudonym_key",
    "product_id",
)

_ESTATE = {
    "auth_external_url": "HMPPS_AUTH_EXTERNAL_URL",
    "auth_url": "HMPPS_AUTH_URL",
    "base_url": "INGRESS_URL",
    "build_number": "BUILD_NUMBER",
    "git_ref": "GIT_REF",
    "login_client_id": "AUTH_CODE_CLIENT_ID",
    "login_client_secret": "AUTH_CODE_CLIENT_SECRET",
    "product_id": "PRODUCT_ID",
}


def names_of(setting: str) -> tuple[str, ...]:
    """Return the names in the environment that a setting is read from: ours, then the estate's."""
    estate = _ESTATE.get(setting)
    return (PREFIX + setting.upper(), *([estate] if estate else []))
