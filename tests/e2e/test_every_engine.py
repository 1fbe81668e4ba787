"""Every main flow on the oldest engine, with the docker CLI of its own age, and on one that keeps its images in
containerd's store, as a new Docker Desktop does. On Engine 28 as Debian has it the other files show them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dfdev.clock.step import ByHelper
from tests import machine
from tests.contract.rig import connected
from tests.e2e.browser import chromium, eventually
from tests.e2e.frontend_lab import SMALL
from tests.e2e.images import copy
from tests.e2e.lab import Done, Lab
from tests.e2e.test_demo import LOCAL, PLAYS, remove, spare_ports
from tests.e2e.trouble import killed_at

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

ASK = "mysql --defaults-extra-file=/etc/dfdev/mysql-client.cnf -e 'SELECT 1'"
IMAGES = ("dfdev/rootfs:bookworm", "dfdev/mysql:9", "dfdev/registry:2", "dfdev/python:3", "dfdev/node:24")
DOCKERFILE = """\
ARG BASE
FROM ${BASE} AS tools
ARG NODE_EXTRA_CA_CERTS
ARG npm_config_cafile
ARG npm_config_registry
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem,mode=0444 \\
    --mount=type=secret,id=npmrc,target=/root/.npmrc \\
    npm install --global --no-audit --no-fund grunt-cli@1.5.0
WORKDIR /work/frontend
RUN chown -R node:node /work
USER node
FROM tools AS assets
ARG NODE_EXTRA_CA_CERTS
ARG npm_config_cafile
ARG npm_config_registry
COPY --chown=node:node . .
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem,mode=0444 npm ci --no-audit --no-fund && grunt build
"""


@dataclass(frozen=True)
class Site:
    """The demo's workspace on an engine, worked on with the docker CLI that came with the engine."""

    lab: Lab
    engine: machine.Engine
    port: int
    """The registry's."""

    def dfdev(self, *args: str) -> Done:
        path = f"{Path(self.engine.docker).parent}:{os.environ['PATH']}"
        return self.lab.dfdev(*args, env={**self.engine.env, "PATH": path}, timeout=250)

    def json(self, *args: str) -> Any:
        return self.dfdev(*args, "--json").ok().json()

    @property
    def dangling(self) -> list[str]:
        """Images without a name that are the workspace's snapshots."""
        mine = f"label=dev.dfdev.snapshot.workspace={self.lab.name}"
        return self.lab.docker("images", "-q", "--filter", "dangling=true", "--filter", mine).split()


@pytest.fixture(scope="module", params=["20.10", "containerd"])
def target(request: pytest.FixtureRequest, engine: machine.Engine) -> Iterator[machine.Engine]:
    if request.param == "20.10":
        yield request.getfixturevalue("old_engine")
        return
    other = machine.start("28", name="containerd-store", settings={"features": {"containerd-snapshotter": True}})
    copy(engine.host, other.host, IMAGES)
    yield other
    other.stop()


@pytest.fixture(scope="module")
def site(target: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, up, on copies of another engine's images: in containerd's store these have other ids."""
    folder = tmp_path_factory.mktemp("every")
    lab = Lab(folder / "home", folder, target.host, f"every-{folder.parent.name}-{folder.name}")
    lab.home.mkdir()
    ports = spare_ports(3)
    made = Site(lab, target, ports[2])
    made.dfdev("demo", str(lab.home), "--no-up").ok()
    lab.write(LOCAL.format(lab.name, *ports), "dfdev.local.toml")
    try:
        if target.version == "20.10":
            made.dfdev("demo", str(lab.home)).ok()
        else:
            lab.docker("build", "-q", "-t", "dfdev-demo/www:dev", "-f", str(lab.home / "Dockerfile-www"), str(lab.home))
            made.dfdev("mysql", "build").ok()
            made.dfdev("up").ok()
        yield made
    finally:
        remove(lab)
        remove(replace(lab, name=f"{lab.name}-frontend"))


def test_the_page_of_the_demo_in_a_browser(site: Site) -> None:
    services = site.json("status")["services"]
    url = next(s["url"] for s in services if s["name"] == "www")
    with chromium() as browser:
        browser.open(url)
        plays = eventually(lambda: browser.texts(".leaf h3"), lambda rows: len(rows) == PLAYS)
    assert len(plays) == PLAYS


def test_a_second_up_has_nothing_to_do_and_a_restart_keeps_what_is_there(site: Site) -> None:
    again = site.json("up")
    assert again["plan"] == []
    assert all(mount["proven"] for service in again["services"] for mount in service["mounts"])
    before = site.lab.containers()
    assert {s["state"] for s in site.json("restart")["services"]} == {"running"}
    assert site.lab.containers() == before
    assert "running" in site.dfdev("status").ok().out


def test_the_database_is_kept_thrown_away_and_brought_back(site: Site, tmp_path: Path) -> None:
    assert site.json("mysql", "build")["built"] is False, "these fixtures are baked already"
    dump = str(tmp_path / "dump.sql.zst")
    site.dfdev("mysql", "export", dump).ok()
    site.dfdev("mysql", "import", dump).ok()
    changed = site.json("mysql", "status")["changed"]
    assert changed
    kept = site.json("mysql", "snapshot", "imported")
    site.dfdev("mysql", "reset", "--yes").ok()
    assert not site.json("mysql", "status")["changed"]
    site.dfdev("mysql", "restore", "imported", "--yes").ok()
    assert site.json("mysql", "status")["snapshot"] == "imported"
    site.dfdev("mysql", "snapshot", "again").ok()
    listed = {s["name"]: s["size"] for s in site.json("mysql", "snapshots")["snapshots"]}
    assert listed["imported"] == kept["size"]
    assert all(50_000_000 < size < 300_000_000 for size in listed.values()), "beyond the image, of 600 MB and more"
    site.dfdev("mysql", "reset", "--yes").ok()
    site.dfdev("mysql", "snapshot", "rm", "imported", "again").ok()
    assert site.dangling == []


def test_a_restore_and_a_snapshot_that_are_killed(site: Site) -> None:
    site.dfdev("mysql", "snapshot", "kept").ok()
    killed_at(site.lab, "keep more", "mysql", "snapshot", "more")
    site.lab.docker("exec", site.lab.containers()["mysql"], "sh", "-c", f"timeout 5 {ASK}")
    for step, left in (("create mysql", None), ("wait for mysql", "kept"), ("remove mysql", "kept")):
        site.dfdev("mysql", "reset", "--yes").ok()
        killed_at(site.lab, step, "mysql", "restore", "kept", "--yes")
        site.dfdev("up").ok()
        assert site.json("mysql", "status")["snapshot"] == left, step
        names = site.lab.docker("ps", "-a", "--format", "{{.Names}}", "--filter", f"name={site.lab.name}-mysql")
        assert names.split() == [f"{site.lab.name}-mysql"]
    assert site.json("up")["plan"] == []
    site.dfdev("mysql", "reset", "--yes").ok()
    site.dfdev("mysql", "snapshot", "rm", "kept").ok()
    assert site.dangling == []


def test_what_was_pushed_into_the_registry_is_pulled_by_up(site: Site) -> None:
    ref = f"127.0.0.1:{site.port}/www:dev"
    site.lab.docker("tag", "dfdev-demo/www:dev", ref)
    site.lab.docker("push", "-q", ref)
    site.lab.docker("rmi", ref)
    local = site.lab.home / "dfdev.local.toml"
    before = local.read_text()
    local.write_text(before.replace("[services.www]\n", f'[services.www]\nimage = "{ref}"\n'))
    plan = site.json("up")["plan"]
    assert any(line.startswith(f"pull image {ref}") for line in plan)
    local.write_text(before)
    site.dfdev("up").ok()
    site.lab.docker("rmi", ref)


def test_the_front_end_is_built_with_secrets(site: Site, tmp_path: Path) -> None:
    lab = replace(site.lab, home=tmp_path, name=f"{site.lab.name}-frontend")
    front = replace(site, lab=lab)
    shutil.copytree(SMALL, tmp_path / "frontend")
    (tmp_path / "frontend" / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "frontend" / "src").mkdir(exist_ok=True)
    (tmp_path / "frontend" / "src" / "app.js").write_text("console.log(1);\n")
    lab.workspace('[frontend]\ndir = "frontend"\nnode = "24"\n')
    front.dfdev("grunt", "--version").ok()
    assert front.json("frontend", "build")["files"] > 0
    assert front.json("frontend", "status")["modules"]
    front.dfdev("frontend", "build", "--image", f"{lab.name}/assets:1").ok()
    lab.docker("rmi", "-f", f"{lab.name}/assets:1")
    front.dfdev("down").ok()


def test_the_clocks_helper_may_set_the_clock(site: Site) -> None:
    engine = connected(site.engine.host)
    assert ByHelper(engine, ["dfdev/python:3"]).step(0, ("python",)).endswith("clock_adjtime"), "by no nanosecond"
    engine.close()


def test_images_are_made_once(site: Site) -> None:
    site.dfdev("images", "bootstrap", "small").ok()
    assert site.json("images", "bootstrap", "small", "--dry-run")["plan"] == []


def test_down_leaves_the_database_only(site: Site) -> None:
    site.dfdev("down").ok()
    assert set(site.lab.containers()) == {"mysql"}
