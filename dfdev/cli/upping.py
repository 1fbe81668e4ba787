"""What `dfdev up` does and shows, for `dfdev demo` too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dfdev.cli.changing import changing, may_lose, questions_for
from dfdev.cli.common import Common
from dfdev.cli.session import site_of
from dfdev.cli.show import plan_lines, service_table, show_plan
from dfdev.core.events import Emit, Notice
from dfdev.core.plan import Loss
from dfdev.core.questions import Questions
from dfdev.core.reconcile import Choices
from dfdev.stack.arrive import arrive
from dfdev.stack.compile import is_watched
from dfdev.stack.site import Site
from dfdev.stack.up import UpResult, plan_up
from dfdev.stack.up import up as bring_up
from dfdev.ui.reporter import reporter_for

if TYPE_CHECKING:
    from dfdev.machines.choose import Choice, Several


def up_everything(common: Common) -> None:
    """`dfdev up` without any word more."""
    show_result(common, *run_up(common, Choices(), yes=False))


def run_up(common: Common, choices: Choices, yes: bool) -> tuple[Site, UpResult]:
    """The use-case under its lock, with events shown; the site as it was reached in the end."""
    with reporter_for(common.out) as reporter:
        questions = questions_for(common, yes, reporter.asking)

        def confirm(losses: Sequence[Loss]) -> bool:
            with reporter.asking():
                return may_lose(common, yes, losses)

        site = site_of(common, files=True, pick=lambda several: _picked(questions, several))
        with changing(common, site, "dfdev up", reporter.emit):
            site = arrive(site, questions, reporter.emit)
            watched = is_watched(site.workspace)
            if watched:
                _prepare_frontend(site, reporter.emit)
            result = bring_up(site, choices, confirm, questions, reporter.emit)
            if watched and result.plan:
                _settle_frontend(site)
            _tell_age(site, reporter.emit)
            return site, result


def _prepare_frontend(site: Site, emit: Emit) -> None:
    """Imported only where a front end is watched."""
    from dfdev.frontend.watching import prepare

    prepare(site, emit)


def _settle_frontend(site: Site) -> None:
    from dfdev.frontend.watching import settle_events

    settle_events(site)


def _tell_age(site: Site, emit: Emit) -> None:
    """Of the fixtures. Imported and asked only where there are some."""
    if site.workspace.config.mysql is None or not site.workspace.config.mysql.fixtures:
        return
    from dfdev.mysql.age import old_fixtures

    for text in old_fixtures(site):
        emit(Notice(text, warning=True))


def _picked(questions: Questions, several: Several) -> Choice:
    from dfdev.stack.wake import picker

    return picker(questions)(several)


def show_dry_run(common: Common, site: Site, choices: Choices) -> None:
    *_, plan = plan_up(site, choices, lambda losses: True)
    show_plan(common.out, plan, "nothing to do: everything runs as dfdev.toml says")
    common.out.document({"plan": plan_lines(plan), "services": [], "seconds": {}})


def show_result(common: Common, site: Site, result: UpResult) -> None:
    out = common.out
    rows = [row.as_json() for row in result.rows]
    clock = result.clock.as_json() if result.clock else None
    document = {"plan": plan_lines(result.plan), "services": rows, "seconds": result.seconds, "clock": clock}
    out.document(document)
    out.data(service_table(out, result.rows, site.workspace.home, seconds=True))
    done = f"{len(result.plan.actions)} steps" if result.plan else "nothing to do"
    out.say(f"{site.workspace.name} is up ({done}, {result.seconds['total']:.1f} s)")
