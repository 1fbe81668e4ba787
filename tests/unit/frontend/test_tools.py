"""The container of the tools: kept while it fits, made anew when it does not, never somebody else's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.desired import Desired
from dfdev.core.events import Began, Event
from dfdev.core.observed import Container, Observed
from dfdev.core.reconcile import reconcile
from dfdev.core.teardown import teardown
from dfdev.engine.protocol import ExecResult
from dfdev.errors import Conflict, DfdevError, EngineError
from dfdev.frontend.spec import Front
from dfdev.frontend.tools import existing, ready_tools, user_of
from dfdev.stack.rows import service_rows
from tests.fakes.engine import NATIVE, FakeEngine
from tests.unit.frontend.fronts import IMAGE, configured, front_in, locked_by, maker_on


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return front_in(tmp_path)


def engine_with(*, fits: bool = False, busy: str = "", **more: object) -> FakeEngine:
    """`fits`: the modules are those of the lockfile; `busy`: a process that a command of dfdev's is."""
    return FakeEngine(
        images={IMAGE: "sha256:1"},
        on_exec=lambda _name, _argv: ExecResult(0 if fits else 1, ""),
        on_pipe=lambda _name, _argv, _input: (0, "", busy.encode()),
        **more,  # type: ignore[arg-type]
    )


def tools_of(engine: FakeEngine) -> list[Container]:
    return [c for c in engine.containers() if c.name == "drama-frontend-tools"]


def test_made_with_its_network_and_started(front: Front) -> None:
    engine, told = engine_with(), list[Event]()
    made = ready_tools(maker_on(engine, emit=told.append), front)
    assert (made.user, made.fresh) == ("1000:1000", True)
    assert engine.calls == ["create network drama_default", "create frontend-tools", "start frontend-tools"]
    assert [e.reason for e in told if isinstance(e, Began)] == ["it is new"]
    assert (front.project.folder / "node_modules").is_dir(), "the engine would make it as root's"


def test_one_that_fits_costs_one_question(front: Front) -> None:
    engine, told = engine_with(), list[Event]()
    first = ready_tools(maker_on(engine), front)
    engine.calls.clear()
    looks = engine.looks
    again = ready_tools(maker_on(engine, emit=told.append), front)
    assert (again.id, again.user, again.fresh) == (first.id, "1000:1000", False)
    assert (engine.calls, engine.looks, told) == ([], looks, [])


@pytest.mark.parametrize("stopped", [False, True])
def test_made_anew_when_what_it_is_made_of_changed_or_it_stopped(front: Front, stopped: bool) -> None:
    engine = engine_with(fits=True, busy="x")
    first = ready_tools(maker_on(engine), front)
    if stopped:
        engine.stop(first.id, 0)
    changed = front if stopped else configured(front, env={"A": "1"})
    second = ready_tools(maker_on(engine), changed)
    assert second.fresh
    assert [c.id for c in tools_of(engine)] == [second.id]


@pytest.mark.parametrize(
    ("fits", "busy", "kept"), [(False, "", False), (True, "", True), (False, "/proc/7/environ\n", True)]
)
def test_another_lockfile(front: Front, fits: bool, busy: str, kept: bool) -> None:
    """`npm install` wrote it: the modules fit. Another branch: what runs there is not thrown out."""
    engine = engine_with(fits=fits, busy=busy)
    first = ready_tools(maker_on(engine), front)
    second = ready_tools(maker_on(engine), locked_by(front, "ccc"))
    assert (second.id == first.id) == kept


def test_an_image_that_cannot_be_made_leaves_the_old_one(front: Front) -> None:
    engine = engine_with()
    first = ready_tools(maker_on(engine), front)

    def fails() -> str:
        raise EngineError("the build failed")

    with pytest.raises(EngineError):
        ready_tools(maker_on(engine, image=fails), replace(front, image="other:1"))
    assert [c.id for c in tools_of(engine)] == [first.id]


def test_one_that_does_not_start_is_not_left(front: Front) -> None:
    engine = engine_with(fail_on={"start frontend-tools": EngineError("no")})
    with pytest.raises(EngineError):
        ready_tools(maker_on(engine), front)
    assert tools_of(engine) == []


@pytest.mark.parametrize("which", ["another workspace", "the same name elsewhere", "nobody's"])
def test_somebody_elses_is_never_touched(front: Front, which: str) -> None:
    marks = {} if which == "nobody's" else front.labels("1000:1000")
    marks |= {"dev.dfdev.workspace": "other"} if which == "another workspace" else {}
    marks |= {"dev.dfdev.home": "/elsewhere"} if which == "the same name elsewhere" else {}
    engine = FakeEngine(containers=[Container("c9", front.name, IMAGE, "sha256:1", "running", claims=marks)])
    with pytest.raises(Conflict, match=front.name) as error:
        existing(engine, front)
    assert f"docker rm -f {front.name}" in error.value.hint
    with pytest.raises(Conflict):
        ready_tools(maker_on(engine), front)
    assert engine.calls == []


def test_no_place_for_the_modules(front: Front) -> None:
    (front.project.folder / "node_modules").write_text("a file")
    with pytest.raises(DfdevError, match="node_modules, which the modules are mounted on") as error:
        ready_tools(maker_on(engine_with()), front)
    assert "mkdir" in error.value.hint


def test_phantomjs_on_arm_is_said_before_anything_is_made(front: Front) -> None:
    (front.project.folder / "package.json").write_text('{"devDependencies": {"phantomjs-prebuilt": "2"}}')
    engine, asked = engine_with(info=replace(NATIVE, architecture="aarch64")), list[str]()

    def image() -> str:
        asked.append("image")
        return IMAGE

    with pytest.raises(DfdevError, match="linux/arm64"):
        ready_tools(maker_on(engine, image=image), front)
    assert (engine.calls, asked) == ([], [])


def test_whom_commands_run_as() -> None:
    assert user_of(NATIVE, 501, 20) == "501:20"
    assert user_of(replace(NATIVE, native=False), 501, 20) == "node", "a machine's shares make it the developer's"
    assert user_of(replace(NATIVE, rootless=True), 501, 20) == "0:0", "root there is the developer here"


def test_it_is_no_orphan_and_goes_with_the_workspace(front: Front) -> None:
    engine = engine_with()
    made = ready_tools(maker_on(engine), front)
    seen = Observed(tuple(engine.containers()), tuple(engine.networks("drama_default")))
    desired = Desired("drama", front.home, ())
    plan = reconcile(desired, seen)
    assert (plan.actions, plan.orphans) == ((), ())
    assert service_rows(desired, seen.containers, "127.0.0.1") == []
    gone = teardown(desired, seen)
    assert [(a.verb, a.target) for a in gone.actions if a.verb == "remove"] == [("remove", made.id)]
