"""Asking what a workspace may do beyond its containers, and remembering the answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from dfdev.cli.changing import questions_for
from dfdev.cli.common import Common
from dfdev.cli.ground import ground_of
from dfdev.errors import ConfigError, EngineError, MachineError, UsageError
from dfdev.workspace.consent import Ask, asks_of, read_granted, remember
from dfdev.workspace.load import load
from dfdev.workspace.locate import find_home


def agreed(common: Common, error: ConfigError, *, yes: bool = False) -> bool:
    """Whether all that the error asks for was agreed to, and is remembered. False for an error of another kind."""
    asks = asks_of(error)
    questions = questions_for(common, yes, nullcontext)
    if not asks or not all(questions.agree(ask.text) for ask in asks):
        return False
    _remember(common, asks)
    return True


def run_allow(common: Common, yes: bool) -> None:
    """ConfigError: the workspace does not hold for another reason, or nobody agreed."""
    home = find_home(common.home, common.environ).path
    asked: list[Ask] = []
    while True:
        error = _refusal(common)
        if error is None:
            break
        asks = asks_of(error)
        if not asks:
            raise error
        for ask in asks if yes or not common.interactive else ():
            common.out.say(ask.text)
        if not agreed(common, error, yes=yes):
            raise UsageError("nothing was allowed", "`dfdev allow --yes` agrees to what stands above")
        asked += asks
    granted = read_granted(home, common.environ)
    lists = {name: list(getattr(granted, name)) for name in granted.__struct_fields__}
    common.out.document({"home": str(home), "asked": [ask.value for ask in asked], "allowed": lists})
    told = "; ".join(f"{name}: {', '.join(values)}" for name, values in lists.items() if values)
    common.out.data(told or "it asks for nothing but containers")


def _refusal(common: Common) -> ConfigError | None:
    """The first thing that stops the workspace. A machine that is not there is another matter."""
    home = find_home(common.home, common.environ)
    try:
        load(home.path, common.environ, home_source=home.why, secrets=common.secrets, committed=common.committed)
        ground_of(common)
    except ConfigError as error:
        return error
    except (MachineError, EngineError):
        return None
    return None


def _remember(common: Common, asks: Sequence[Ask]) -> None:
    file = remember(find_home(common.home, common.environ).path, asks, common.environ)
    common.out.say(f"remembered in {file}")
