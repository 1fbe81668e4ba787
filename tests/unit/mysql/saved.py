"""The saved variables in tests/data/mysql."""

from pathlib import Path

from dfdev.mysql.variables import parse_variables

DATA = Path(__file__).resolve().parents[2] / "data" / "mysql"


def text(name: str) -> str:
    return (DATA / name).read_text()


def variables(name: str) -> dict[str, str]:
    return parse_variables(text(name))
