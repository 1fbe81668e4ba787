"""Images without a name, each as big as a database: the engine makes one before it names it, and a new one takes the
name of an old one.
"""

from __future__ import annotations

from contextlib import suppress

from dfdev.engine.protocol import Engine
from dfdev.errors import Conflict


def remove_orphans(engine: Engine, label: str) -> None:
    """Those with this label ("name=value") that nothing uses."""
    for image in engine.labelled_images(label):
        if not image.refs:
            with suppress(Conflict):
                engine.remove_image(image.id)
