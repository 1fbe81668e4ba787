"""What an answer that came anyway says of the clock: nothing more is asked, and nothing heavy is imported."""

from __future__ import annotations

from dfdev.clock.reading import Reading
from dfdev.core.clock import Exchange, Offset
from dfdev.core.providers import Owner


def glance(sample: Exchange | None) -> Offset | None:
    return sample.offset if sample is not None and not sample.host_was_set else None


def settled_by(sample: Exchange | None, owner: Owner, tolerance: int) -> Reading | None:
    """The reading, where this one answer is enough and nothing is to be remembered; else None.

    Only of an engine that is not in a machine here: its clock is measured and never set.
    """
    found = Reading(owner.provider, glance(sample), tolerance)
    return found if not owner.here and found.verdict != "skewed" else None
