"""How the tools in a container and in a build are told of the bundle. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from dfdev.trust.bundle import Bundle

PATH = "/etc/dfdev/ca.pem"
APT_PATH = "/etc/apt/apt.conf.d/99dfdev"
_ADDS = ("NODE_EXTRA_CA_CERTS",)
_REPLACES = (
    "npm_config_cafile",
    "GIT_SSL_CAINFO",
    "bower_ca",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
)
_GIT = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "url.https://.insteadOf",
    "GIT_CONFIG_VALUE_0": "git://",
}


def container_env(bundle: Bundle) -> Mapping[str, str]:
    """For node, npm, bower, git, pip, requests, OpenSSL and curl; {} without a certificate.

    Most of them then trust in nothing else: where the public CAs are not in the bundle, only node is told, which adds.
    """
    if not bundle.pem:
        return {}
    return dict.fromkeys((*_ADDS, *_REPLACES) if bundle.whole else _ADDS, PATH)


def git_env() -> Mapping[str, str]:
    """`git://` becomes `https://`: firewalls close its port, and GitHub refuses it. Since git 2.31."""
    return _GIT


def apt_conf(bundle: Bundle) -> bytes:
    """A file of apt.conf.d; b"" where apt is not to be told."""
    return f'Acquire::https::CAInfo "{PATH}";\n'.encode() if bundle.pem and bundle.whole else b""
