"""Values for shell completion: from files alone, never from the engine."""

from __future__ import annotations


def certificate_names(incomplete: str) -> list[str]:
    """Certificates that were added whose names begin like that."""
    import os

    from dfdev.trust.added import files

    return [path.stem for path in files(os.environ) if path.stem.startswith(incomplete)]


def service_names(incomplete: str) -> list[str]:
    """Names of services that begin like that; none when there is no workspace."""
    import os

    from dfdev.errors import DfdevError
    from dfdev.workspace.locate import find_home
    from dfdev.workspace.names import service_names as names_in

    try:
        home = find_home(None, os.environ).path
    except DfdevError:
        return []
    return [name for name in names_in(home) if name.startswith(incomplete)]
