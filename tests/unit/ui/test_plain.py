import io

from dfdev.core.events import Began, Ended, Failed, Notice, Progress
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter


def said(*events: object, verbose: bool = False, quiet: bool = False) -> str:
    err = io.StringIO()
    reporter = PlainReporter(Out(io.StringIO(), err, verbose=verbose, quiet=quiet))
    for event in events:
        reporter.emit(event)  # type: ignore[arg-type]
    return err.getvalue()


def test_what_ends_is_said_with_its_seconds() -> None:
    assert said(Began("start www", "it is exited"), Ended("start www", 0.26)) == "  start www  0.3 s\n"


def test_reasons_only_when_asked() -> None:
    assert "it is exited" in said(Began("start www", "it is exited"), verbose=True)


def test_a_quick_step_does_not_chatter() -> None:
    assert said(Began("wait for www"), Progress("wait for www", "nothing listens yet")) == ""


def test_failures_and_warnings() -> None:
    assert said(Failed("start www", "no")) == "  start www  failed: no\n"
    assert said(Notice("old is an orphan", warning=True)) == "warning: old is an orphan\n"


def test_quiet_says_nothing() -> None:
    assert said(Ended("start www", 1.0), quiet=True) == ""
