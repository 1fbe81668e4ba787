"""What is secret is hidden in whatever form others write it, and what has nothing to do with it is not."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core.secrets import MASK, Secrets, passwords_in


def knowing(*texts: str, named: bool = False) -> Secrets:
    secrets = Secrets()
    for text in texts:
        secrets.learn(text, named=named)
    return secrets


@pytest.mark.parametrize(
    "text",
    [
        "no such image: www:xyz/zy-mark",
        'exec: "xyz/zy-mark": executable file not found',
        "one of xyz/zy-mark,other",
        "glued-xyz/zy-mark-glued",
        f"http://h/?{quote('xyz/zy-mark', safe='')}",
    ],
)
def test_it_is_hidden_wherever_it_ends_up(text: str) -> None:
    shown = knowing("xyz/zy-mark").hidden(text)
    assert "zy-mark" not in shown and MASK in shown


ODD = 'x&y "z"\\$ ü/+\tmark'


@pytest.mark.parametrize("write", [str, json.dumps, quote, quote_plus, lambda x: quote(x, safe="")])
def test_it_is_hidden_as_others_write_it(write: object) -> None:
    assert callable(write)
    text = write(ODD) if write is not json.dumps else json.dumps(ODD, ensure_ascii=False)
    assert "mark" not in knowing(ODD).hidden(f"before {text} after")


def test_every_line_of_it_is_hidden_alone() -> None:
    secrets = knowing("-----BEGIN KEY-----\nline-of-a-key\n-----END KEY-----")
    assert secrets.hidden("read line-of-a-key") == f"read {MASK}"
    assert "line-of" not in secrets.hidden('"-----BEGIN KEY-----\\nline-of-a-key\\n-----END KEY-----"')


def test_the_longest_first_where_one_is_a_part_of_another() -> None:
    assert knowing("hunter-two", "hunter-two-three").hidden("hunter-two-three") == MASK


def test_what_an_ellipsis_left_of_it() -> None:
    assert knowing("a-very-long-secret").hidden('found "a-very-long…"; more…') == f'found "{MASK}…"; more…'
    assert knowing("a-very-long-secret").hidden("that is a-…") == "that is a-…"


@pytest.mark.parametrize("text", ["", " ", "\n", "1", "8080", "0.5", "on", "root", "Debug", "production"])
def test_what_says_nothing_is_not_hidden(text: str) -> None:
    told = f"a port 8080, on 127.0.0.1:80 of root, 10.5 s, Debug, production {text}"
    assert knowing(text, named=True).hidden(told) == told


def test_what_is_short_is_hidden_as_a_word_only() -> None:
    assert knowing("hunt", named=True).hidden("hunt, the hunter") == f"{MASK}, the hunter"


def test_names_are_hidden_only_where_they_are_called_secret() -> None:
    secrets = knowing("feature-x", "http://localhost:8080/")
    secrets.spare("shop-feature-x", "/home/me/shop-feature-x")
    told = "shop-feature-x-www at http://localhost:8080/ is up"
    assert secrets.hidden(told) == told
    secrets.learn("feature-x", named=True)
    assert secrets.hidden("shop-feature-x") == f"shop-{MASK}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:p/w+x@h/0", "redis://:********@h/0"),
        ("tcp://me:p@ss@h:2375", "tcp://me:********@h:2375"),
        ("x=https://me:12345@h/a", "x=https://me:********@h/a"),
        ("http://h:8080/npm/x@1.0", None),
        ("http://[::1]:8080/x@1.0", None),
        ('http://127.0.0.1:80, "me@example.com"', None),
        ("https://h/a@b and :c@d", None),
    ],
)
def test_a_password_in_a_url_is_hidden_though_nobody_knows_it(url: str, shown: str | None) -> None:
    assert Secrets().hidden(url) == (shown or url)
    assert bool(list(passwords_in(url))) == (shown is not None)


def test_the_password_of_a_url_is_hidden_alone() -> None:
    secrets = knowing("mysql://me:p%40ss-word@h/x")
    assert secrets.hidden("wrong: p@ss-word, p%40ss-word") == f"wrong: {MASK}, {MASK}"


def test_in_a_document() -> None:
    found = knowing("xyz-mark").hidden_in({"image": "a:xyz-mark", "n": 1, "x": ["xyz-mark", None], "a:xyz-mark": True})
    assert found == {"image": f"a:{MASK}", "n": 1, "x": [MASK, None], f"a:{MASK}": True}
    assert knowing("reason", named=True).hidden_in({"reason": "reason"}) == {"reason": MASK}


@given(st.text(min_size=9), st.text(), st.text())
def test_no_text_around_brings_it_out(secret: str, before: str, after: str) -> None:
    secrets = knowing("§" + secret, named=True)
    assert "§" + secret not in secrets.hidden(f"{before}§{secret}{after}")
