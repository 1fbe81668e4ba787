"""For random desired and observed states: a plan carried out leaves nothing to do, also after a death in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from dfdev.core import labels
from dfdev.core.desired import Desired, Health, Port, Service
from dfdev.core.observed import Container, Network, Observed, State
from dfdev.core.ours import by_service, holds_data, mark_of
from dfdev.core.plan import Plan
from dfdev.core.reconcile import Choices, reconcile
from dfdev.core.teardown import teardown
from dfdev.errors import DfdevError
from dfdev.stack.act import Actor
from dfdev.stack.execute import execute
from dfdev.stack.ready import Pace, Readiness
from dfdev.workspace.gate import Gate
from tests.fakes.engine import FakeEngine

NAMES = ("db", "cache", "www", "worker", "old")
STATES: tuple[State, ...] = ("running", "exited", "created", "paused", "dead")
IMAGES = ("i:1", "i:2", "i:3")
AT_ONCE = Pace(stable=0, first=0, last=0, fresh=0)


def services(names: tuple[str, ...]) -> st.SearchStrategy[tuple[Service, ...]]:
    return st.tuples(*(service(name, names[:i]) for i, name in enumerate(names)))


def service(name: str, before: tuple[str, ...]) -> st.SearchStrategy[Service]:
    """It may need the services before it, so that there is no cycle; its port is one of two of its own."""
    base = 8000 + 10 * NAMES.index(name)
    needs = st.lists(st.sampled_from(before), unique=True, max_size=2).map(tuple) if before else st.just(())
    return st.builds(
        Service,
        name=st.just(name),
        image=st.sampled_from(IMAGES),
        env=st.sampled_from([(), (("A", "1"),)]),
        ports=st.sampled_from([(), (Port(base, 80),), (Port(base + 1, 80),)]),
        depends_on=needs,
        health=st.sampled_from([Health(), Health("command", command=("true",))]),
        stateful=st.booleans() if name == "db" else st.just(False),
    )


def workspaces() -> st.SearchStrategy[Desired]:
    names = st.lists(st.sampled_from(NAMES), unique=True).map(lambda ns: tuple(n for n in NAMES if n in ns))
    return names.flatmap(services).map(lambda found: Desired("w", "/home/dev/w", found))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Desired, FakeEngine]:
    """What is wanted, and an engine left behind by an earlier file, other tools and other people."""
    want, before = draw(workspaces()), draw(workspaces())
    network = Network("net", want.network, labels.for_network(want))
    has_network = draw(st.booleans())
    containers = [draw(leftover(before, s)) for s in before.services if draw(st.booleans())]
    foreign = Container("f", "someone-elses", "i:1", "sha-i:1", draw(st.sampled_from(["running", "exited"])))
    return want, FakeEngine(
        images={ref: f"sha-{ref}" for ref in IMAGES if draw(st.booleans())},
        registry={ref: f"sha-{ref}" for ref in IMAGES},
        containers=[*containers, foreign, draw(look_alike(before))],
        networks=[network] if has_network else [],
        healthy_after=draw(st.integers(0, 2)),
    )


@st.composite
def look_alike(draw: st.DrawFn, before: Desired) -> Container:
    """Somebody's, of an image that was committed: it has inherited our labels."""
    made_of = draw(st.sampled_from([*before.services, Service("db", IMAGES[0], stateful=True)]))
    found = draw(leftover(before, made_of))
    return replace(found, id="t", name="backup", health="", ports=(), networks={})


@st.composite
def leftover(draw: st.DrawFn, before: Desired, made_of: Service) -> Container:
    state: State = draw(st.sampled_from(STATES))
    current = draw(st.booleans())
    return Container(
        id=f"id-{made_of.name}",
        name=before.container_name(made_of.name),
        image=made_of.image,
        image_id=f"sha-{made_of.image}" if current else "sha-older",
        state=state,
        health=draw(st.sampled_from(["", "starting", "healthy"])) if state == "running" else "",
        claims=labels.for_service(before, made_of),
        ports=made_of.ports if state == "running" else (),
        networks=draw(st.sampled_from([{before.network: "net"}, {before.network: "gone"}, {}])),
    )


def look(want: Desired, engine: FakeEngine) -> Observed:
    refs = {s.image: engine.image_id(s.image) for s in want.services}
    return Observed(tuple(engine.containers()), tuple(engine.networks(want.network)), refs)


def carry_out(want: Desired, engine: FakeEngine, plan: Plan) -> None:
    ours = by_service(want.workspace, engine.containers())
    ids = {name: found.id for name, found in ours.items()}
    actor = Actor(engine, want, Readiness(engine, "127.0.0.1", AT_ONCE), lambda event: None, ids, Gate(Path("/")))
    execute(plan, actor, lambda event: None)


EVERYTHING = Choices(remove_orphans=True)
COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(COMMON, max_examples=150)
@given(worlds())
def test_carrying_the_plan_out_leaves_nothing_to_do(world: tuple[Desired, FakeEngine]) -> None:
    want, engine = world
    plan = reconcile(want, look(want, engine), EVERYTHING)
    event(f"{len(plan.actions)} steps")
    carry_out(want, engine, plan)
    assert str(reconcile(want, look(want, engine), EVERYTHING)) == ""
    running = {c.name for c in engine.containers() if c.running and mark_of(c)}
    assert running == {want.container_name(s.name) for s in want.services}


@settings(COMMON, max_examples=150)
@given(worlds(), st.integers(0, 25))
def test_after_a_death_in_the_middle_the_next_up_finishes(world: tuple[Desired, FakeEngine], lives: int) -> None:
    want, engine = world
    engine.revive(dies_after=lives + 1)
    try:
        carry_out(want, engine, reconcile(want, look(want, engine), EVERYTHING))
    except DfdevError:
        event("died")
    engine.revive()
    carry_out(want, engine, reconcile(want, look(want, engine), EVERYTHING))
    assert str(reconcile(want, look(want, engine), EVERYTHING)) == ""


@settings(COMMON, max_examples=100)
@given(worlds())
def test_others_containers_are_as_they_were(world: tuple[Desired, FakeEngine]) -> None:
    want, engine = world
    before, twin = engine.container("f"), engine.container("t")
    carry_out(want, engine, reconcile(want, look(want, engine), EVERYTHING))
    carry_out(want, engine, teardown(want, look(want, engine), with_data=True))
    assert (engine.container("f"), engine.container("t")) == (before, twin)
    assert [c.id for c in engine.containers()] == ["f", "t"]


@settings(COMMON, max_examples=100)
@given(worlds())
def test_data_that_is_kept_is_never_removed(world: tuple[Desired, FakeEngine]) -> None:
    want, engine = world
    held = {c.id for c in engine.containers() if holds_data(c)}
    keep = replace(EVERYTHING, keep=frozenset(NAMES))
    carry_out(want, engine, reconcile(want, look(want, engine), keep))
    carry_out(want, engine, teardown(want, look(want, engine)))
    assert held <= {c.id for c in engine.containers()}
