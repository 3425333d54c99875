"""Google's client for Drive, with the credentials that the deployment has."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from presgen.errors import BadInput, DeliveryBlocked
from presgen.settings import Settings

GOOGLE = "https://www.googleapis.com/"

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_UNREADABLE = (OSError, ValueError, LookupError, AttributeError, TypeError)
"""How a file that is no key fails: the libraries that read it do not look at it first."""
_SCOPE = "https://www.googleapis.com/auth/drive"


def scopes_of(settings: Settings) -> tuple[str, ...]:
    """Return the least that Google has to allow.

    With ``drive.file``, PresGen sees only what it has made itself: enough in a Drive of its own, where it
    makes the first folder, too. A folder that a person made is seen with ``drive`` only.
    """
    return (_SCOPE,) if settings.drive_folder else (f"{_SCOPE}.file",)


def open_drive(settings: Settings) -> Any:
    """Return Google's client, with the key that the settings name or else the machine's own credentials.

    Raises:
        BadInput: the key cannot be read, or the endpoint is none to send a token to.
        DeliveryBlocked: there are no credentials.
    """
    import google_auth_httplib2  # type: ignore[import-untyped]
    from googleapiclient.http import build_http  # type: ignore[import-untyped]

    return service_over(
        google_auth_httplib2.AuthorizedHttp(_credentials(settings), http=build_http()),
        settings.drive_endpoint,
    )


def service_over(http: Any, endpoint: str = "") -> Any:
    """Return Google's client over an authorised transport; another endpoint is for the emulator.

    Raises:
        BadInput: the endpoint is none to send a token to.
    """
    from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]
    from googleapiclient.discovery_cache import get_static_doc  # type: ignore[import-untyped]

    document = json.loads(get_static_doc("drive", "v3"))
    if endpoint:
        address = urlsplit(endpoint)
        if address.scheme != "https" and address.hostname not in _LOOPBACK:
            raise BadInput(
                f"PRESGEN_DRIVE_ENDPOINT is {endpoint!r}: tokens are sent over https, or on loopback only."
            )
        # The option `api_endpoint` would leave uploads with Google.
        document["rootUrl"] = f"{endpoint.rstrip('/')}/"
    return build_from_document(document, http=http)


def _credentials(settings: Settings) -> Any:
    import google.auth
    from google.auth.environment_vars import CREDENTIALS
    from google.auth.exceptions import DefaultCredentialsError
    from google.oauth2 import credentials, service_account

    scopes = scopes_of(settings)
    if settings.drive_key is None:
        try:
            return google.auth.default(scopes=scopes)[0]
        except (DefaultCredentialsError, *_UNREADABLE) as error:
            if named := os.environ.get(CREDENTIALS):
                raise _no_key(CREDENTIALS, named, error) from None
            raise DeliveryBlocked(
                "There are no credentials for Google Drive.",
                "Set PRESGEN_DRIVE_KEY to a service account's JSON key; docs/drive.md says how to get it.",
            ) from error
    try:
        key = json.loads(settings.drive_key.read_text("utf-8"))
        if key.get("type") == "authorized_user":
            return credentials.Credentials.from_authorized_user_info(key, scopes=scopes)  # type: ignore[no-untyped-call]
        return service_account.Credentials.from_service_account_info(key, scopes=scopes)  # type: ignore[no-untyped-call]
    except _UNREADABLE as error:
        raise _no_key("PRESGEN_DRIVE_KEY", settings.drive_key, error) from None


def _no_key(variable: str, named: str | Path, error: Exception) -> BadInput:
    """Return what to say of a file that is no key; what is wrong with it may quote the key itself."""
    return BadInput(
        f"{variable} names {named}, which cannot be read as a key ({type(error).__name__}). What would do is "
        "the JSON file of a service account or of an authorised user: docs/drive.md says how to get one."
    )
