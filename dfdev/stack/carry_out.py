"""A plan carried out so that no failure takes a database away: where the new one does not serve, the old one does."""

from __future__ import annotations

from contextlib import suppress

from dfdev.core.events import Emit, Notice
from dfdev.core.plan import Plan
from dfdev.errors import DfdevError, EngineAbsent, EngineError, EngineHung
from dfdev.stack.act import Actor
from dfdev.stack.execute import execute


def carry_out(plan: Plan, actor: Actor, emit: Emit) -> dict[str, float]:
    """Seconds per step key, as `execute` gives them. Where this process dies, the next command finishes the plan."""
    try:
        return execute(plan, actor, emit)
    except (EngineAbsent, EngineHung):
        raise
    except DfdevError:
        with suppress(EngineError):
            for name in actor.take_back(plan):
                emit(Notice(f"{name} runs again as it was before: the new container does not serve", warning=True))
        raise
