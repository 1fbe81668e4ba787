"""Whether a server's certificate is one that the bundle leads to, by asking it from this host."""

from __future__ import annotations

import contextlib
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError, UsageError
from dfdev.trust.bundle import Bundle
from dfdev.trust.der import facts

_SECONDS = 10.0


@dataclass(frozen=True)
class Trusted:
    """`server`: host and port. `issuer`: who signed its certificate, "" where only a proxy reaches it."""

    server: str
    issuer: str


def check(url: str, bundle: Bundle) -> Trusted:
    """Whatever it answers, once it is trusted in. DfdevError: it is not, with its issuer; or it does not answer."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    try:
        server = (parts.hostname or "", parts.port or 443)
    except ValueError:
        server = ("", 0)
    if parts.scheme != "https" or not server[0]:
        raise UsageError(f"{url} is no https address", "dfdev ca check https://HOST")
    refused = _refused(parts.geturl(), _context(bundle))
    issuer = _issuer(server)
    if refused:
        raise DfdevError(
            f"{server[0]}:{server[1]} is not trusted in: {refused}" + (f"; its issuer is {issuer}" if issuer else ""),
            "dfdev ca add FILE (the certificate of that issuer, or of the CA above it)",
        )
    return Trusted(f"{server[0]}:{server[1]}", issuer or "a CA of the bundle")


def _refused(url: str, context: ssl.SSLContext) -> str:
    """Why, "" when it was not. Through a proxy where the environment names one."""
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    try:
        asked = urllib.request.Request(url, method="HEAD")  # noqa: S310  # `check` lets https through alone
        opener.open(asked, timeout=_SECONDS).close()
    except urllib.error.HTTPError as error:
        error.close()
    except (urllib.error.URLError, OSError) as error:
        why = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(why, ssl.SSLCertVerificationError):
            return str(why.verify_message)
        said = why.strerror if isinstance(why, OSError) and why.strerror else why
        raise DfdevError(f"{url} does not answer: {said}", "check the address, the network and the proxy") from error
    return ""


def _context(bundle: Bundle) -> ssl.SSLContext:
    text = bundle.pem.decode("ascii")
    context = ssl.create_default_context(cadata=text if bundle.whole else None)
    if text and not bundle.whole:
        context.load_verify_locations(cadata=text)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # node, git and curl are not strict either
    return context


def _issuer(server: tuple[str, int]) -> str:
    with contextlib.suppress(OSError, ValueError):
        return facts(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(server, timeout=_SECONDS))).issuer
    return ""
