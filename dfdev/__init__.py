"""dfdev: the developer-workstation toolkit that makes Docker on a Mac invisible."""

__version__ = "0.1.0"
