"""What a build is told of this host's network: files as secrets, which are in no layer; arguments hold none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dfdev.core.frozen import dataclass
from dfdev.system.commands import Commands
from dfdev.trust.bundle import bundle
from dfdev.trust.npmrc import has_secrets, npmrc, plain_registry
from dfdev.trust.proxies import proxy_args
from dfdev.trust.variables import apt_conf, container_env, git_env

_PASSED_ON = ("PHANTOMJS_CDNURL",)


@dataclass(frozen=True)
class Secrets:
    """`files`: id of a secret -> content. `args`: for a Dockerfile that asks for them by ARG. `proxies`: arguments that
    every Dockerfile has. `needed`: without the files a build would fail.
    """

    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    args: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    needed: bool = False


def secrets_of(environ: Mapping[str, str], commands: Commands) -> Secrets:
    """ConfigError: a certificate that was added cannot be read."""
    trusted = bundle(environ, commands)
    registries = npmrc(environ)
    files = {"ca": trusted.pem, "npmrc": registries, "apt": apt_conf(trusted)}
    passed = {name: environ[name] for name in _PASSED_ON if environ.get(name)}
    named = {"npm_config_registry": plain_registry(environ)}
    args = {**container_env(trusted), **git_env(), **passed, **named}
    return Secrets(
        {id: content for id, content in files.items() if content},
        {name: value for name, value in args.items() if value},
        proxy_args(environ),
        trusted.needed or has_secrets(registries),
    )
