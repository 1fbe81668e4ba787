"""Which image the front end's tools run in, and what it is called. Values only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import field

from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.frontend.dockerfile import declared
from dfdev.workspace.node_version import DEFAULT

LABEL = "dev.dfdev.frontend"
"""The workspace that an image was made for. Not the label of containers: those of an image inherit its labels."""
INPUTS = "dev.dfdev.inputs"
_DIGITS = 12
_FORMAT = b"1"


@dataclass(frozen=True)
class ImagePlan:
    """`dockerfile`: its text. `node`: "24", "20.11.1". `base`: what it stands on, "" for the image of that node.
    `platform`: "linux/amd64", "" for the engine's own. `args`: more build arguments, none of them secret.
    """

    workspace: str
    dockerfile: str = field(repr=False)
    node: str
    base: str = ""
    target: str = "tools"
    platform: str = ""
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Of what the image is made of. Certificates and registries are no part of it: they leave no trace in it."""
        whole = hashlib.sha256()
        args = "\n".join(f"{name}={value}" for name, value in sorted(self.args.items()))
        node = f"{self.base} node {self.node}".strip()
        parts = (self.workspace, self.dockerfile, self.target, node, self.platform, args)
        add(whole, _FORMAT, *(part.encode("utf-8", "surrogateescape") for part in parts))
        return whole.hexdigest()

    @property
    def repository(self) -> str:
        return f"dfdev-frontend/{re.sub('[^a-z0-9]+', '-', self.workspace.lower()).strip('-') or 'workspace'}"

    @property
    def ref(self) -> str:
        return f"{self.repository}:{self.digest[:_DIGITS]}"

    @property
    def labels(self) -> dict[str, str]:
        return {LABEL: self.workspace, INPUTS: self.digest}

    @property
    def base_node(self) -> str:
        """A Dockerfile that asks for NODE fetches that one itself, and stands on a node of today."""
        return DEFAULT if "NODE" in declared(self.dockerfile) else self.node

    @property
    def official(self) -> str:
        """The image of that node on Docker Hub, on the oldest Debian that has it and still gets packages."""
        major = int(re.match(r"\d*", self.base_node)[0] or 0)  # type: ignore[index]
        for least, suite in ((16, "bookworm-slim"), (14, "bullseye-slim"), (10, "buster-slim")):
            if major >= least:
                return f"node:{self.base_node}-{suite}"
        return f"node:{self.base_node}-slim"

    @property
    def own(self) -> str:
        """The image of that node that `dfdev images bootstrap` makes."""
        return f"dfdev/node:{self.base_node}"
