"""Did you mean? Loaded only when there is a problem to report."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """ "did you mean image?" for a near miss, else ""."""
    if not isinstance(name, str):
        return ""
    from difflib import get_close_matches

    near = get_close_matches(name[:100].lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""
