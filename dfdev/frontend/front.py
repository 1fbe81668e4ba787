"""The front end of a workspace, gathered from its files and from this host. No engine is asked."""

from __future__ import annotations

from collections.abc import Mapping

from dfdev.core.desired import File
from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.frontend.image_plan import ImagePlan
from dfdev.frontend.personal import share_of
from dfdev.frontend.spec import HOST, SCRIPTS, Front
from dfdev.resources import templates_dir
from dfdev.stack.compile import service_names
from dfdev.stack.site import Site
from dfdev.trust.bundle import Bundle, bundle
from dfdev.trust.npmrc import npmrc
from dfdev.trust.proxies import proxy_env
from dfdev.trust.variables import container_env, git_env
from dfdev.workspace.gate import Gate
from dfdev.workspace.masking import holds_password
from dfdev.workspace.project import Project, frontend_of, project_of
from dfdev.workspace.schema import Frontend

_SCRIPTS = ("inside.sh", "copy-modules.js")


def front_of(site: Site) -> Front:
    """ConfigError: there is none, or its files cannot be read."""
    workspace, environ = site.workspace, site.environ
    config, project = frontend_of(workspace), project_of(workspace)
    trusted = bundle(environ, site.commands)
    plan = None if config.image else image_plan(workspace.name, workspace.gate, config, project)
    network, proxies = _network(trusted), proxy_env(environ, service_names(workspace), HOST)
    return Front(
        workspace.name,
        str(workspace.home),
        config,
        project,
        plan.ref if plan else config.image,
        plan.dockerfile if plan else "",
        tuple(File(f"{SCRIPTS}/{name}", (templates_dir() / "frontend" / name).read_bytes()) for name in _SCRIPTS),
        {**network, **{name: value for name, value in proxies.items() if not holds_password(value)}},
        trusted.pem,
        npmrc(environ, HOST),
        share_of(workspace.home, project.folder),
        workspace.gate.allowed,
        {name: value for name, value in proxies.items() if holds_password(value)},
    )


def image_plan(workspace: str, gate: Gate, config: Frontend, project: Project) -> ImagePlan:
    """ConfigError: there is no Dockerfile."""
    path = project.folder / "Dockerfile"
    try:
        text = gate.read("frontend.dir", path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ConfigError(
            f"there is no {path}, which the front end's container is made from",
            f"`{typed('dfdev frontend init', config.dir)}` adds one; or name an image: `image` under [frontend]",
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", typed("ls -l", path)) from error
    return ImagePlan(workspace, text, project.node, config.base, platform=config.platform)


def _network(trusted: Bundle) -> Mapping[str, str]:
    """git asks whose a folder is; in a container it may be nobody's that git knows."""
    git = dict(git_env())
    count = int(git["GIT_CONFIG_COUNT"])
    safe = {
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": "safe.directory",
        f"GIT_CONFIG_VALUE_{count}": "*",
    }
    return {**container_env(trusted), **git, **safe}
