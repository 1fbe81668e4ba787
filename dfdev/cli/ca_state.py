"""`dfdev ca add`, `list`, `rm`, `check`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dfdev.cli.common import Common
from dfdev.system.commands import HostCommands
from dfdev.trust import added
from dfdev.trust.bundle import Bundle, bundle
from dfdev.trust.check import check
from dfdev.trust.der import Facts
from dfdev.trust.pem import count
from dfdev.ui.out import Out
from dfdev.ui.table import columns


def run_add(common: Common, files: Sequence[Path]) -> None:
    """Every file is looked at before the first is kept."""
    for file in files:
        added.look(file, time.time())
    done = [added.add(common.environ, file) for file in files]
    for one in done:
        for warning in one.warnings:
            common.out.say(f"{common.out.paint_err('warning:', 'yellow')} {warning}")
        what = f"added {one.kept.name}" if one.new else f"{one.kept.name} is there already"
        common.out.say(f"{what}: {', '.join(_shown(fact) for fact in one.kept.facts)}")
    documents = [{**_document(one.kept), "new": one.new, "warnings": list(one.warnings)} for one in done]
    common.out.document({"added": documents})


def run_list(common: Common) -> None:
    there, trusted = added.kept(common.environ), _bundle(common)
    host = {"source": trusted.source, "whole": trusted.whole}
    common.out.document({"added": [_document(one) for one in there], "host": host, "certificates": count(trusted.pem)})
    if there:
        common.out.data(_table(common.out, there))
    else:
        common.out.say("no certificate was added (dfdev ca add FILE)")
    common.out.say(f"{count(trusted.pem)} certificates in all; this computer's: {trusted.source}")


def run_rm(common: Common, names: Sequence[str]) -> None:
    added.must_be_there(common.environ, names)
    for name in names:
        added.remove(common.environ, name)
        common.out.say(f"removed {name}")
    common.out.document({"removed": list(names)})


def run_check(common: Common, url: str) -> None:
    answer = check(url, _bundle(common))
    common.out.say(f"containers will trust in {answer.server}: its certificate is signed by {answer.issuer}")
    common.out.document({"server": answer.server, "issuer": answer.issuer})


def _bundle(common: Common) -> Bundle:
    return bundle(common.environ, HostCommands(common.environ))


def _table(out: Out, there: Sequence[added.Kept]) -> str:
    headers = [out.paint(text, "dim") for text in ("NAME", "CERTIFICATE", "UNTIL")]
    rows = [(one, fact) for one in there for fact in one.facts]
    now = time.time()
    return columns(headers, [[out.paint(one.name, "bold"), fact.subject, _until(out, fact, now)] for one, fact in rows])


def _until(out: Out, fact: Facts, now: float) -> str:
    day = added.day(fact.not_after)
    return day if fact.not_after > now else out.paint(f"{day} (expired)", "red")


def _shown(fact: Facts) -> str:
    return f"{fact.subject} (until {added.day(fact.not_after)})"


def _document(kept: added.Kept) -> dict[str, Any]:
    return {
        "name": kept.name,
        "certificates": [
            {"subject": fact.subject, "issuer": fact.issuer, "until": added.day(fact.not_after)} for fact in kept.facts
        ],
    }
