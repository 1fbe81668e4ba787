"""Images without a name, each as big as a database: the engine makes one before it names it, and a new one takes the
name of an old one.
"""

from __future__ import annotations

from contextlib import suppress

from dfdev.engine.protocol import Engine
from dfdev.errors import Conflict, NotFound

COMMENT = "made by dfdev mysql"
"""On every image of ours. One that a user commits inherits the labels, and may have no name either."""


def remove_orphans(engine: Engine, label: str) -> None:
    """Ours with this label ("name=value") that nothing uses."""
    for image in engine.labelled_images(label):
        if not image.refs:
            with suppress(Conflict, NotFound):
                if engine.image(image.id).comment == COMMENT:
                    engine.remove_image(image.id)
