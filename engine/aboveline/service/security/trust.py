"""Whom the service trusts to be the identity provider, where its certificate is not one that the system knows."""

import ssl

import httpx2

from aboveline.service.settings import Settings, SettingsError

__all__ = ["trust_of"]


def trust_of(settings: Settings) -> ssl.SSLContext:
    """Return what to check the provider's certificate by: what the system trusts, and the file that is set.

    Raises:
        SettingsError: there is no such file, or there are no certificates in it.
    """
    context = httpx2.create_ssl_context(trust_env=False)
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except (OSError, ssl.SSLError):  # its own words may repeat what is in the file
            raise SettingsError(
                ["ABOVELINE_CA_FILE must be a file of certificates in PEM that can be read"]
            ) from None
    return context
