"""What comes to a package.json that is there already."""

from __future__ import annotations

import json

from dfdev.frontend.scaffold_package import Needs, merged

TEMPLATE = b'{"scripts": {"build": "grunt build"}, "devDependencies": {"grunt": "^1.6", "less": "^2"}}'


def needs(*only: str, seen: dict[str, str] | None = None) -> Needs:
    return Needs.of(TEMPLATE, only=only, seen=seen)


def test_what_is_there_stays_wherever_it_stands() -> None:
    there = b'{"dependencies": {"grunt": "0.4.5"}, "peerDependencies": {"less": "*"}, "scripts": {"build": "make"}}'
    assert merged(there, needs()) == there


def test_indent_line_ends_order_and_letters_stay() -> None:
    there = '{\r\n\t"name": "küche",\r\n\t"devDependencies": {\r\n\t\t"zepto": "1"\r\n\t}\r\n}'.encode()
    after = merged(there, needs("grunt"))
    assert after.decode() == (
        '{\r\n\t"name": "küche",\r\n\t"devDependencies": {\r\n\t\t"grunt": "^1.6",\r\n\t\t"zepto": "1"\r\n\t}\r\n}'
    )


def test_a_module_that_was_removed_stays_away_and_an_untouched_one_becomes_newer() -> None:
    there = b'{"devDependencies": {"grunt": "^1.5"}}\n'
    seen = {"grunt": "^1.5", "less": "^2"}
    assert json.loads(merged(there, needs(seen=seen))) == {"devDependencies": {"grunt": "^1.6"}}
    assert merged(there, needs(seen=seen | {"grunt": "^1.4"})) == there
    assert merged(there, needs(seen=seen | {"grunt": "^1.6"})) == there


def test_a_newer_one_goes_where_the_older_stood() -> None:
    there = b'{"dependencies": {"grunt": "^1.5"}}'
    assert json.loads(merged(there, needs("grunt", seen={"grunt": "^1.5"}))) == {"dependencies": {"grunt": "^1.6"}}


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert json.loads(merged(b"\xef\xbb\xbf{}", needs("grunt")))["devDependencies"] == {"grunt": "^1.6"}
