"""The images that dfdev can make by itself, from `templates/images/`."""

from __future__ import annotations

from dfdev.core.frozen import dataclass

FOLDER = "images"
BASE_FOLDER = "debian"


@dataclass(frozen=True)
class Base:
    """Debian, one suite. `upstream` is its name on Docker Hub, `rootfs` the one of what was made without the Hub."""

    suite: str

    @property
    def ref(self) -> str:
        return f"dfdev/debian:{self.suite}"

    @property
    def upstream(self) -> str:
        return f"debian:{self.suite}-slim"

    @property
    def rootfs(self) -> str:
        return f"dfdev/rootfs:{self.suite}"


BOOKWORM = Base("bookworm")
SID = Base("sid")


@dataclass(frozen=True)
class Image:
    """`name` is its folder and what the user types."""

    name: str
    tag: str
    base: Base
    on_request: bool = False
    """Made only when it is named: the demo does not need it."""
    version_arg: str = ""
    """The build argument that another tag is made with (`NAME:TAG`); "" for an image of one version."""

    @property
    def ref(self) -> str:
        return f"dfdev/{self.name}:{self.tag}"

    @property
    def args(self) -> dict[str, str]:
        return {self.version_arg: self.tag} if self.version_arg else {}


CATALOG = (
    Image("registry", "2", BOOKWORM),
    Image("mysql", "9", SID),
    Image("python", "3", BOOKWORM),
    Image("mariadb", "10", BOOKWORM, on_request=True),
    Image("small", "1", BOOKWORM, on_request=True),
    Image("node", "24", BOOKWORM, on_request=True, version_arg="NODE"),
)
