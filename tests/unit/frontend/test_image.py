"""The tools' image: there at once, built by buildx or without it, its base, its secrets, its failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.events import Ended, Event, Progress
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import OnLine
from dfdev.errors import ConfigError, DfdevError, EngineError, EngineHung
from dfdev.frontend.image import Builder, build_assets_image, ensure_image
from dfdev.frontend.image_plan import LABEL, ImagePlan
from dfdev.frontend.secrets import Secrets, secrets_of
from dfdev.system.commands import Ran
from dfdev.trust.added import add
from dfdev.trust.refused import CA_HINT
from tests.fakes.commands import Call, FakeCommands
from tests.fakes.engine import FakeEngine
from tests.trust.authority import NOW, make

DATA = Path(__file__).resolve().parents[2] / "data" / "frontend" / "buildx"
DOCKERFILE = """\
ARG BASE
FROM ${BASE} AS tools
ARG NODE_EXTRA_CA_CERTS
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem npm install --global grunt-cli
FROM tools AS assets
COPY . .
"""
PLAN = ImagePlan("shop", DOCKERFILE, "24")
OFFICIAL = "node:24-bookworm-slim"
SECRETS = Secrets(
    {"ca": b"the CA", "npmrc": b"the token"},
    {"NODE_EXTRA_CA_CERTS": "/etc/dfdev/ca.pem", "GIT_SSL_CAINFO": "/etc/dfdev/ca.pem"},
    {"http_proxy": "http://me:secret@proxy.example:3128"},
    needed=True,
)


class Desk:
    """A docker CLI that is a script, and an engine in memory that has what the script built."""

    def __init__(
        self, engine: FakeEngine, *, buildx: bool = True, cli: str = "28.5.2", out: str = "good", code: int = 0
    ) -> None:
        self.engine = engine
        self.events: list[Event] = []
        self.files: dict[str, bytes] = {}
        self.context: list[str] = []
        self.commands = FakeCommands({"HOME": "/Users/me", "PATH": "/usr/bin"})
        self._ran = (out, code)
        self.commands.on("docker buildx version", code=0 if buildx else 1)
        self.commands.on("docker --version", f"Docker version {cli}, build 297e128\n")
        self.commands.reply("docker buildx build", self._build)
        self.commands.reply("docker build", self._build)
        self.builder = Builder(engine, self.commands, Endpoint("unix:///vm/docker.sock", "test"))

    def _build(self, call: Call) -> Ran:
        words = list(call.argv)
        for word in [w for w in words if w.startswith("id=")]:
            id, _, path = word.removeprefix("id=").partition(",src=")
            assert Path(path).stat().st_mode & 0o077 == 0
            self.files[id] = Path(path).read_bytes()
        self.files["Dockerfile"] = Path(words[words.index("--file") + 1]).read_bytes()
        self.context = sorted(path.name for path in Path(words[-1]).iterdir())
        out, code = self._ran
        if code == 0:
            labels = dict(w.split("=", 1) for w in words if w.startswith("dev.dfdev."))
            ref = words[words.index("--tag") + 1]
            self.engine.build(Path(words[-1]), ref, args={}, labels=labels, on_line=lambda _: None)
        return Ran(call.argv, code, "", (DATA / f"{out}.txt").read_text())

    def ensure(self, plan: ImagePlan = PLAN, secrets: Secrets = SECRETS, *, force: bool = False) -> str:
        return ensure_image(self.builder, plan, lambda: secrets, self.events.append, force=force)

    @property
    def build(self) -> Call:
        (call,) = [call for call in self.commands.calls if "build" in call.argv]
        return call


def has(*refs: str) -> FakeEngine:
    return FakeEngine(images={ref: f"sha256:{number}" for number, ref in enumerate(refs)})


def _never() -> Secrets:
    raise AssertionError("secrets are read only for a build")


def test_an_image_that_is_there_is_taken_and_nothing_else_is_asked() -> None:
    desk = Desk(has(PLAN.ref))
    assert ensure_image(desk.builder, PLAN, _never, desk.events.append) == PLAN.ref
    assert (desk.events, desk.commands.calls, desk.engine.calls) == ([], [], [])


def test_it_is_built_on_the_engines_own_builder_with_nothing_but_the_dockerfile() -> None:
    desk = Desk(has(OFFICIAL))
    ref = desk.ensure()
    line = desk.build.line
    assert ref == PLAN.ref and "--builder default --load" in line and "--target tools" in line
    assert desk.context == ["Dockerfile"] and desk.files["Dockerfile"].decode() == DOCKERFILE
    assert desk.build.env["DOCKER_HOST"] == "unix:///vm/docker.sock"
    assert desk.engine.image_labels(ref)[LABEL] == "shop"


def test_secrets_are_files_that_go_and_nothing_of_them_is_in_the_arguments() -> None:
    desk = Desk(has(OFFICIAL))
    desk.ensure()
    assert (desk.files["ca"], desk.files["npmrc"]) == (b"the CA", b"the token")
    assert "secret@" not in desk.build.line and "token" not in desk.build.line
    assert desk.build.env["http_proxy"] == "http://me:secret@proxy.example:3128"
    (path,) = {word.partition(",src=")[2] for word in desk.build.argv if word.startswith("id=ca")}
    assert not Path(path).exists()


def test_only_what_the_dockerfile_asks_for_is_said() -> None:
    desk = Desk(has(OFFICIAL))
    desk.ensure(replace(PLAN, args={"GRUNT": "1"}))
    said = [desk.build.argv[at + 1] for at, word in enumerate(desk.build.argv) if word == "--build-arg"]
    assert said == ["NODE_EXTRA_CA_CERTS", "BASE", "http_proxy"]
    assert desk.build.env["BASE"] == OFFICIAL


def test_its_progress_is_told_without_noise() -> None:
    desk = Desk(has(OFFICIAL))
    desk.ensure()
    texts = [event.text for event in desk.events if isinstance(event, Progress)]
    assert texts == [
        'building with "default" instance using docker driver',
        "[1/2] FROM docker.io/dfdev/node:24",
        "[2/2] RUN echo hello",
        "hello",
    ]
    assert isinstance(desk.events[-1], Ended)


@pytest.mark.parametrize("change", [
    {"dockerfile": DOCKERFILE + "\n"}, {"node": "22"}, {"base": "corp/node:1"}, {"platform": "linux/amd64"},
    {"args": {"A": "1"}}, {"target": "assets"}, {"workspace": "other"},
], ids=lambda change: next(iter(change)))  # fmt: skip
def test_what_it_is_made_of_names_it(change: dict[str, str]) -> None:
    assert replace(PLAN, **change).ref != PLAN.ref  # type: ignore[arg-type]
    assert replace(PLAN, **change).ref == replace(PLAN, **change).ref  # type: ignore[arg-type]


def test_a_workspace_of_any_name_makes_a_reference() -> None:
    assert replace(PLAN, workspace="_My__Shop-").ref.startswith("dfdev-frontend/my-shop:")
    assert replace(PLAN, workspace="___").ref.startswith("dfdev-frontend/workspace:")


@pytest.mark.parametrize(
    ("node", "official"),
    [("24", "node:24-bookworm-slim"), ("16.20", "node:16.20-bookworm-slim"), ("14", "node:14-bullseye-slim"),
     ("12.22.1", "node:12.22.1-buster-slim"), ("0.10", "node:0.10-slim"), ("lts", "node:lts-slim")],
)  # fmt: skip
def test_the_official_image_of_a_node(node: str, official: str) -> None:
    assert replace(PLAN, node=node).official == official


def test_a_dockerfile_that_fetches_an_old_node_itself_stands_on_todays() -> None:
    fetches = replace(PLAN, dockerfile=f"{DOCKERFILE}ARG NODE=10\n", node="10.24.1")
    desk = Desk(has("dfdev/node:24"))
    assert (fetches.official, base_of(desk, fetches)) == (OFFICIAL, "dfdev/node:24")
    assert desk.build.env["NODE"] == "10.24.1"
    based = replace(fetches, base="corp/debian")
    assert based.ref != replace(based, node="8").ref


def base_of(desk: Desk, plan: ImagePlan = PLAN) -> str:
    desk.ensure(plan)
    return desk.build.env["BASE"]


def test_its_base_is_what_the_engine_has_else_the_hubs() -> None:
    assert base_of(Desk(has(OFFICIAL, "dfdev/node:24"))) == OFFICIAL
    assert base_of(Desk(has("dfdev/node:24"))) == "dfdev/node:24"
    assert base_of(Desk(has()), replace(PLAN, base="corp/node:1")) == "corp/node:1"
    assert base_of(Desk(FakeEngine(registry={OFFICIAL: "sha256:x"}))) == OFFICIAL


def test_where_no_registry_answers_the_hint_makes_one() -> None:
    desk = Desk(has())
    with pytest.raises(DfdevError, match=f"cannot pull {OFFICIAL}") as error:
        desk.ensure()
    assert error.value.hint == "dfdev images bootstrap node:24, then again"
    with pytest.raises(DfdevError, match="failed to resolve") as error:
        Desk(has(), out="base", code=1).ensure(replace(PLAN, platform="linux/amd64"))
    assert error.value.hint == "dfdev images bootstrap node:24, then again"
    with pytest.raises(DfdevError, match="failed to resolve") as error:
        Desk(has(), out="base", code=1).ensure(replace(PLAN, base="corp/node:1"))
    assert error.value.hint.startswith("`base` under [frontend] names corp/node:1")


def test_a_step_that_fails_says_its_last_words_where_it_is_and_the_hint_to_them() -> None:
    with pytest.raises(DfdevError) as error:
        Desk(has(OFFICIAL), out="step", code=1).ensure()
    assert error.value.message.endswith("did not complete successfully: exit code: 1")
    assert "failed to solve" not in error.value.message
    assert error.value.details[:2] == (
        ' > [3/3] RUN echo "npm error code SELF_SIGNED_CERT_IN_CHAIN" && exit 1:',
        "npm error code SELF_SIGNED_CERT_IN_CHAIN",
    )
    assert any(line.startswith("   3 | >>> RUN echo") for line in error.value.details)
    assert error.value.hint == CA_HINT


def test_a_dockerfile_that_does_not_read_is_shown() -> None:
    with pytest.raises(DfdevError, match="unknown instruction: RUNN") as error:
        Desk(has(OFFICIAL), out="syntax", code=1).ensure()
    assert error.value.hint == "mend the Dockerfile, then again"
    assert "   2 | >>> RUNN true" in error.value.details


def test_a_dockerfile_without_the_stage_is_an_error_of_the_configuration() -> None:
    desk = Desk(has(OFFICIAL))
    with pytest.raises(ConfigError, match=r"no stage tools \(its stages are build\)"):
        desk.ensure(replace(PLAN, dockerfile="FROM node:24 AS build\n"))
    with pytest.raises(ConfigError, match=r"no stage tools \(it names no stage\)"):
        desk.ensure(replace(PLAN, dockerfile="FROM node:24\n"))
    assert desk.commands.calls == []


def test_without_buildx_the_classic_builder_does_where_no_secret_is_needed() -> None:
    engine = Classic(images={OFFICIAL: "sha256:0"})
    ref = Desk(engine, buildx=False).ensure(secrets=replace(SECRETS, needed=False))
    ((text, args),) = engine.seen
    assert "--mount" not in text and "assets" not in text
    assert args == {"BASE": OFFICIAL, "http_proxy": "http://me:secret@proxy.example:3128"}
    assert engine.image_labels(ref)[LABEL] == "shop"


def test_without_buildx_a_step_that_fails_has_the_hint_too() -> None:
    said = ("npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",)
    failed = EngineError("building: exit code 1", "mend", details=said)
    plain = replace(SECRETS, needed=False)
    desk = Desk(FakeEngine(images={OFFICIAL: "sha256:0"}, fail_on={f"build {PLAN.ref}": failed}), buildx=False)
    with pytest.raises(DfdevError, match="exit code 1") as error:
        desk.ensure(secrets=plain)
    assert (error.value.hint, error.value.details, error.value.code) == (CA_HINT, said, 1)
    desk.engine.fail(f"build {PLAN.ref}", EngineHung("it does not answer"))
    with pytest.raises(EngineHung):
        desk.ensure(secrets=plain)


class Classic(FakeEngine):
    """Remembers what it built."""

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        self.seen = [((context / "Dockerfile").read_text(), dict(args))]
        return super().build(context, ref, args=args, labels=labels, on_line=on_line)


@pytest.mark.parametrize("kind", ["secrets", "assets"])
def test_without_buildx_what_needs_it_says_what_to_install(kind: str, tmp_path: Path) -> None:
    desk = Desk(has(OFFICIAL), buildx=False)
    run: dict[str, Callable[[], str]] = {
        "secrets": desk.ensure,
        "assets": lambda: build_assets_image(
            desk.builder, replace(PLAN, target="assets"), tmp_path, "shop:1", lambda: SECRETS, desk.events.append
        ),
    }
    with pytest.raises(DfdevError, match="needs `docker buildx`") as error:
        run[kind]()
    assert "docker-buildx" in error.value.hint


@pytest.mark.parametrize(("cli", "builds"), [
    ("18.06.3-ce", False), ("18.09.9", True), ("20.10.24+dfsg1", True), ("22.06.0-beta", True), ("23.0.0", False),
])  # fmt: skip
def test_a_docker_that_is_older_than_buildx_builds_with_secrets_itself(cli: str, builds: bool) -> None:
    desk = Desk(has(OFFICIAL), buildx=False, cli=cli)
    if not builds:
        with pytest.raises(DfdevError, match="needs `docker buildx`"):
            desk.ensure()
        return
    assert desk.engine.image_id(desk.ensure()) and desk.files["ca"] == b"the CA"
    assert desk.build.line.startswith("docker build --progress plain --target tools")
    assert desk.build.env["DOCKER_BUILDKIT"] == "1"


def test_what_the_builder_of_engine_20_10_says_of_a_failure_is_told_as_well() -> None:
    with pytest.raises(DfdevError, match=r"exit code: 1$") as error:
        Desk(has(OFFICIAL), out="step-20.10", code=1).ensure()
    assert error.value.hint == CA_HINT
    assert error.value.details == (
        ' > [3/3] RUN echo "npm error code SELF_SIGNED_CERT_IN_CHAIN" && exit 1:',
        "npm error code SELF_SIGNED_CERT_IN_CHAIN",
    )
    with pytest.raises(DfdevError, match=f"building {PLAN.ref}: failed to do request") as error:
        Desk(has(OFFICIAL), out="base-20.10", code=1).ensure()
    assert error.value.hint == "dfdev images bootstrap node:24, then again"
    with pytest.raises(DfdevError, match=f"building {PLAN.ref}: dockerfile parse error line 2: unknown instruction"):
        Desk(has(OFFICIAL), out="syntax-20.10", code=1).ensure()


def test_images_of_an_older_dockerfile_go_when_nothing_uses_them() -> None:
    desk = Desk(has(OFFICIAL))
    old = desk.ensure()
    desk.engine.tag(old, "shop/mine:1")
    other = replace(PLAN, workspace="other")
    Desk(desk.engine).ensure(other)
    newer = Desk(desk.engine).ensure(replace(PLAN, dockerfile=DOCKERFILE + "\n"))
    assert desk.engine.image_id(old) is None
    assert all(desk.engine.image_id(ref) for ref in (newer, other.ref, "shop/mine:1", OFFICIAL))


def test_by_force_it_is_built_again() -> None:
    desk = Desk(has(OFFICIAL, PLAN.ref))
    desk.ensure(force=True)
    assert desk.build


def test_the_assets_are_built_of_the_folder_under_the_name_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "package.json").write_text("{}")
    desk = Desk(has(OFFICIAL))
    plan = replace(PLAN, target="assets")
    ref = build_assets_image(desk.builder, plan, tmp_path, "shop/assets:1", lambda: SECRETS, desk.events.append)
    assert ref == "shop/assets:1" and "--target assets --tag shop/assets:1" in desk.build.line
    assert desk.context == ["Dockerfile", "package.json"]
    assert LABEL not in desk.engine.image_labels(ref)


def test_what_this_host_trusts_in_is_what_a_build_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.pem").write_bytes(make("Public Root CA").pem)
    (tmp_path / "corp.pem").write_bytes(make("Example Corp Root CA").pem)
    (tmp_path / ".npmrc").write_text("//npm.example/:_authToken=x\n")
    environ = {
        "HOME": str(tmp_path),
        "SSL_CERT_FILE": str(tmp_path / "store.pem"),
        "npm_config_registry": "https://npm.example/",
        "PHANTOMJS_CDNURL": "https://mirror.example/phantomjs",
        "https_proxy": "http://proxy.example:3128",
    }
    add(environ, tmp_path / "corp.pem", NOW.timestamp())
    found = secrets_of(environ, FakeCommands(environ))
    assert found.needed and set(found.files) == {"ca", "npmrc", "apt"}
    assert found.files["ca"].count(b"BEGIN") >= 2
    assert found.args["NODE_EXTRA_CA_CERTS"] == "/etc/dfdev/ca.pem"
    assert found.args["PHANTOMJS_CDNURL"] == "https://mirror.example/phantomjs"
    assert found.args["npm_config_registry"] == "https://npm.example/"
    assert found.args["GIT_CONFIG_VALUE_0"] == "git://"
    assert dict(found.proxies) == {"https_proxy": "http://proxy.example:3128"}
    assert "_authToken" not in str(found)
