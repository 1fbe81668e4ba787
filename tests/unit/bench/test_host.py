from __future__ import annotations

from tests.bench.host import cpu_name, system_name


def test_a_processor_without_a_number_is_told_by_its_family() -> None:
    lines = ["processor\t: 0", "cpu family\t: 25", "model\t\t: 17", "model name\t: AMD EPYC", "", "model name\t: other"]
    assert cpu_name(lines) == "AMD EPYC (family 25, model 17)"


def test_a_processor_with_a_number_is_named_as_it_is() -> None:
    assert cpu_name(["cpu family : 6", "model name : Intel(R) Core(TM) i7-8700"]) == "Intel(R) Core(TM) i7-8700"


def test_an_unknown_processor_has_no_name() -> None:
    assert cpu_name(["processor : 0"]) == ""


def test_the_system_is_named_as_it_names_itself() -> None:
    assert (
        system_name(["ID=debian", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"']) == "Debian GNU/Linux 12 (bookworm)"
    )
