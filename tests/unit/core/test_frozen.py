"""`core.frozen.dataclass` does what the standard library's does, told by the two side by side."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dfdev.core import frozen


@dataclasses.dataclass(frozen=True)
class Standard:
    """A value."""

    name: str
    ports: tuple[int, ...] = ()
    secret: str = dataclasses.field(default="", repr=False)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)


@frozen.dataclass(frozen=True)
class Ours:
    """A value."""

    name: str
    ports: tuple[int, ...] = ()
    secret: str = dataclasses.field(default="", repr=False)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@frozen.dataclass(frozen=True)
class Nothing:
    pass


@frozen.dataclass(frozen=True)
class Asking:
    agree: Callable[[str], bool] = lambda _question: True


BOTH = pytest.mark.parametrize("kind", [Standard, Ours])
ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", (1, 2)), {"secret": "s"}),
    ((), {"name": "a", "labels": {"x": "y"}}),
    (("a", (), "s", {}), {}),
]


def text(value: object) -> str:
    return repr(value).replace("Ours", "Standard")


@pytest.mark.parametrize(("args", "named"), ARGUMENTS)
def test_it_is_made_shown_and_taken_apart_alike(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, standard = Ours(*args, **named), Standard(*args, **named)
    assert text(ours) == repr(standard)
    assert dataclasses.asdict(ours) == dataclasses.asdict(standard)
    assert text(dataclasses.replace(ours, ports=(9,))) == repr(dataclasses.replace(standard, ports=(9,)))
    assert ours == Ours(*args, **named) != dataclasses.replace(ours, ports=(9,))
    assert copy.copy(ours) == pickle.loads(pickle.dumps(ours)) == ours


@BOTH
@pytest.mark.parametrize(
    ("args", "named"),
    [((), {}), (("a",), {"name": "b"}), (("a",), {"prots": ()}), (("a", (), "s", {}, 5), {}), ((), {"ports": ()})],
)
def test_arguments_that_do_not_fit_are_refused(
    kind: Callable[..., object], args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        kind(*args, **named)


def test_the_refusal_shows_no_values() -> None:
    with pytest.raises(TypeError) as caught:
        Ours("a", secret="hunter2", prots=())  # type: ignore[call-arg]
    assert "prots" in str(caught.value) and "hunter2" not in str(caught.value)


@BOTH
def test_nothing_of_it_can_be_changed(kind: type[Any]) -> None:
    value = kind("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.other = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.name
    assert value.name == "a"


@BOTH
def test_a_default_that_is_made_is_made_for_each(kind: type[Any]) -> None:
    one, other = kind("a"), kind("a")
    assert one.labels == other.labels == {}
    assert one.labels is not other.labels


def test_equal_values_have_one_hash_and_another_class_is_never_equal() -> None:
    one, same = Ours("a", (1,), labels=None), Ours("a", ports=(1,), labels=None)  # type: ignore[arg-type]
    assert len({one, same}) == 1
    assert one != Standard("a", (1,), labels=None)  # type: ignore[arg-type]
    assert Nothing() == Nothing() and repr(Nothing()) == "Nothing()"


def test_a_function_as_a_default_is_no_method() -> None:
    assert Asking().agree("sure?")


def test_what_a_class_says_itself_is_kept() -> None:
    assert str(Ours("a")) == "a"


@pytest.mark.parametrize("decorator", [dataclasses.dataclass, frozen.dataclass])
def test_others_can_inherit(decorator: Callable[..., Any]) -> None:
    more = decorator(frozen=True)(type("More", (Ours,), {"__annotations__": {"size": "int"}, "size": 3}))
    value = more("a", (1,))
    assert (value.name, value.size, str(value)) == ("a", 3, "a")
    assert value == more("a", ports=(1,), size=3) != Ours("a", (1,))
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.name = "b"


def test_it_can_be_matched_by_position() -> None:
    match Ours("a", (1,)):
        case Ours(name, ports):
            assert (name, ports) == ("a", (1,))
