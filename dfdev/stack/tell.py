"""What a plan leaves alone, in words."""

from __future__ import annotations

from collections.abc import Iterable

from dfdev.core.events import Emit, Notice
from dfdev.core.plan import Plan


def tell_left_alone(plan: Plan, emit: Emit) -> None:
    """Orphans, containers that hold data, and what only looks like ours."""
    for orphan in plan.orphans:
        text = f"{orphan.service} is no longer in dfdev.toml, its container {orphan.container} is left alone"
        emit(Notice(f"{text}: `dfdev up --remove-orphans` removes it", warning=True))
    for kept in plan.kept:
        text = f"{kept.service} is left as it is ({kept.reason}): a new container would lose its data"
        emit(Notice(f"{text}; `dfdev up --yes` lets it go", warning=True))
    tell_forgotten(plan, emit)
    tell_look_alikes(plan, emit)


def tell_unfinished(services: Iterable[str], emit: Emit) -> None:
    for name in services:
        emit(Notice(unfinished_text(name), warning=True))


def unfinished_text(service: str) -> str:
    return f"a command that was to replace the container of {service} was killed half-way: `dfdev up` tidies up"


def tell_forgotten(plan: Plan, emit: Emit) -> None:
    for name in plan.forgotten:
        text = f"a command that was to replace the container of {name} was killed before it did"
        emit(Notice(f"{text}: {name} is as it was, type it again", warning=True))


def tell_look_alikes(plan: Plan, emit: Emit) -> None:
    """An image hands labels on to every container that is made of it."""
    for name in plan.look_alikes:
        emit(Notice(f"{name} is left alone: it has this workspace's labels, but none of its containers' names"))
