"""How the server here differs from production. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dfdev.core.frozen import dataclass
from dfdev.mysql.behaviour import BEHAVIOURS, Behaviour
from dfdev.mysql.effective import effective, meaning, modes, modes_for
from dfdev.mysql.remedy import UP, Variables, setting_of, way_out
from dfdev.workspace.mysql_settings import Setting, option_name, option_value

UNKNOWN = "-"


@dataclass(frozen=True)
class Difference:
    """One variable that makes the server here behave unlike production's. `here` is UNKNOWN: it has no such variable.

    `way_out`: what to do. `setting`: what of it goes below [mysql.settings], empty where nothing does.
    """

    name: str
    production: str
    here: str
    why: str
    way_out: str
    setting: str = ""


def differences(production: Variables, here: Variables) -> tuple[Difference, ...]:
    """Both as `parse_variables` gives them. What production's list does not have, or has as a formula, is no
    difference: nobody can say.
    """
    theirs, ours = effective(production), effective(here)
    if "sql_mode" in theirs:
        theirs["sql_mode"] = modes_for(theirs["sql_mode"], ours.get("version", ""))
    return tuple(_difference(name, theirs, ours) for name in BEHAVIOURS if _differs(name, theirs, ours))


def comparable(production: Variables) -> bool:
    """Whether it has at least one of the variables that are looked at."""
    return not BEHAVIOURS.keys().isdisjoint(effective(production))


def settings_table(found: Iterable[Difference]) -> str:
    """A [mysql.settings] table to paste; empty where no setting would help."""
    lines = [difference.setting for difference in found if difference.setting]
    return "\n".join(("[mysql.settings]", *lines)) if lines else ""


def unheeded(settings: Mapping[str, Setting], here: Variables) -> tuple[Difference, ...]:
    """What [mysql.settings] asks for and the server does not have: it was made before, its image reads no such file,
    or it has rounded a number. A name that the server shows no variable for (`skip_name`, `loose_`) is passed over.
    """
    ours = effective(here)
    wanted = {_shown(name): option_value(name, value) for name, value in settings.items()}
    why, way = "[mysql.settings] asks for it, and the server does not have it", f"{UP} makes the container anew"
    return tuple(
        Difference(name, value, ours[name], why, way)
        for name, value in wanted.items()
        if name in ours and name != "log_bin" and not _heeded(name, value, ours[name])
    )


def _heeded(name: str, value: str, got: str) -> bool:
    behaviour = BEHAVIOURS.get(name)
    kind = behaviour.kind if behaviour else "flag" if got.upper() in ("ON", "OFF") else "number"
    return meaning(kind, value) == meaning(kind, got)


def _shown(name: str) -> str:
    option = option_name(name)
    return "time_zone" if option == "default_time_zone" else option


def _differs(name: str, theirs: Variables, ours: Variables) -> bool:
    kind, wanted, got = BEHAVIOURS[name].kind, theirs.get(name), ours.get(name, BEHAVIOURS[name].unknown)
    if wanted is None or "{" in wanted or not (name in ours or got):
        return False
    return meaning(kind, wanted) != meaning(kind, got)


def _difference(name: str, theirs: Variables, ours: Variables) -> Difference:
    wanted, got = theirs[name], ours.get(name, UNKNOWN)
    setting = setting_of(name, wanted, ours)
    return Difference(
        name, wanted, got, _why(BEHAVIOURS[name], wanted, got), way_out(name, setting, theirs, ours), setting
    )


def _why(behaviour: Behaviour, wanted: str, got: str) -> str:
    if behaviour.kind != "modes":
        return behaviour.why
    sides = {"missing here": modes(wanted) - modes(got), "only here": modes(got) - modes(wanted)}
    said = [f"{side}: {', '.join(sorted(names))}" for side, names in sides.items() if names]
    return "; ".join((behaviour.why, *said))
