"""`dfdev logs` and `dfdev exec`: what runs, seen and entered."""

from __future__ import annotations

import json

import pytest

from tests.e2e.lab import Lab

pytestmark = pytest.mark.engine

TALKERS = """
[services.a]
image = "dfdev/small:1"
command = ["sh", "-c", "for i in 1 2 3; do echo a$i; sleep 0.2; done; sleep 1000"]
[services.b]
image = "dfdev/small:1"
logs = "run"
command = ["sh", "-c", "for i in 1 2 3; do echo b$i; sleep 0.2; done; echo late > /var/log/b.log; exec sleep 1000"]
"""


@pytest.fixture
def talkers(lab: Lab) -> Lab:
    lab.workspace(TALKERS)
    lab.up().ok()
    return lab


def until(lab: Lab, *words: str) -> str:
    """The logs, once they have all these words."""
    from tests.e2e.test_up import wait_for

    wait_for(lambda: all(word in lab.dfdev("logs").ok().out for word in words))
    return lab.dfdev("logs").ok().out


def test_lines_are_merged_by_time_and_named_by_service(talkers: Lab) -> None:
    lines = until(talkers, "a3", "b3").splitlines()
    assert set(lines) == {f"{s} | {s}{i}" for s in "ab" for i in (1, 2, 3)}
    stamps = [line["time"] for line in talkers.dfdev("logs", "--json").ok().json()["lines"]]
    assert stamps == sorted(stamps)


def test_one_service_and_only_its_last_lines(talkers: Lab) -> None:
    until(talkers, "a3", "b3")
    assert talkers.dfdev("logs", "a", "--tail", "1").ok().out == "a | a3\n"


def test_since_leaves_older_lines_out(talkers: Lab) -> None:
    until(talkers, "a3")
    assert "a1" in talkers.dfdev("logs", "--since", "10m").ok().out
    bad = talkers.dfdev("logs", "--since", "yesterday")
    assert bad.code == 2 and "write 30s, 10m or 2h" in bad.err


def test_the_files_in_the_log_mount_are_listed(talkers: Lab) -> None:
    until(talkers, "b3")
    from tests.e2e.test_up import wait_for

    wait_for(lambda: (talkers.home / "run/b.log").exists())
    done = talkers.dfdev("logs").ok()
    assert f"{talkers.home}/run/b.log  5 B" in done.err
    (file,) = talkers.dfdev("logs", "--json").ok().json()["files"]
    assert file["path"] == f"{talkers.home}/run/b.log" and file["bytes"] == 5


def test_following_goes_on_until_interrupted(talkers: Lab) -> None:
    until(talkers, "a3", "b3")
    follower = talkers.start("logs", "-f", "a")
    assert follower.stdout is not None
    assert [follower.stdout.readline() for _ in range(3)] == ["a | a1\n", "a | a2\n", "a | a3\n"]
    talkers.dfdev("exec", "a", "sh", "-c", "echo fresh > /proc/1/fd/1").ok()
    assert follower.stdout.readline() == "a | fresh\n"
    follower.send_signal(2)
    assert follower.wait(timeout=10) == 130
    follower.communicate()


def test_a_service_is_followed_through_a_restart_and_into_its_next_container(lab: Lab) -> None:
    text = (
        '[services.a]\nimage = "dfdev/small:1"\ncommand = ["sh", "-c", "echo $TURN; exec sleep 1000"]\nenv.TURN = "1"\n'
    )
    lab.workspace(text)
    lab.up().ok()
    follower = lab.start("logs", "-f", "--json")
    assert follower.stdout is not None

    def said() -> str:
        item = json.loads(follower.stdout.readline())  # type: ignore[union-attr]  # it is a pipe
        assert item["service"] == "a"
        return str(item.get("text") or f"({item['event']})")

    def until_said(text: str) -> list[str]:
        """The words before that line."""
        return list(iter(said, text))

    assert said() == "1"
    lab.dfdev("restart", "a").ok()
    assert until_said("1")[-1] == "(goes on)"
    lab.workspace(text.replace('TURN = "1"', 'TURN = "2"'))
    lab.up().ok()
    assert until_said("2")[-1] == "(was made anew)"
    lab.dfdev("down").ok()
    assert said() == "(has no container: waiting for one)"
    follower.send_signal(2)
    assert follower.wait(timeout=10) == 130
    follower.communicate()


def test_a_reader_that_goes_away_ends_the_command_quietly(talkers: Lab) -> None:
    follower = talkers.start("logs", "-f")
    assert follower.stdout is not None and follower.stderr is not None
    follower.stdout.readline()
    follower.stdout.close()
    talkers.dfdev("exec", "a", "sh", "-c", "for i in 1 2 3; do echo more > /proc/1/fd/1; sleep 0.1; done").ok()
    assert follower.wait(timeout=10) == 1
    assert follower.stderr.read() == ""
    follower.stderr.close()


def test_an_unknown_service_is_named_with_those_there_are(talkers: Lab) -> None:
    done = talkers.dfdev("logs", "c")
    assert done.code == 1
    assert "there is no service c in dfdev.toml" in done.err and "the services are: a, b" in done.err


def test_exec_passes_input_output_and_exit_code_on(talkers: Lab) -> None:
    assert talkers.dfdev("exec", "a", "cat", stdin="piped").ok().out == "piped"
    assert talkers.dfdev("exec", "a", "sh", "-c", "exit 7").code == 7
    assert talkers.dfdev("exec", "a", "ls", "--color=never", "/proc/1/comm").ok().out.strip() == "/proc/1/comm"


def test_exec_as_json(talkers: Lab) -> None:
    done = talkers.dfdev("exec", "--json", "a", "sh", "-c", "echo out; exit 3")
    assert done.code == 3 and done.json() == {"exit_code": 3, "output": "out\n"}


def test_exec_without_a_docker_cli_still_runs(talkers: Lab) -> None:
    done = talkers.dfdev("exec", "a", "echo", "hello", env={"PATH": "/nonexistent"})
    assert done.ok().out == "hello\n"


def test_exec_in_what_does_not_run_says_how_to_start_it(talkers: Lab) -> None:
    talkers.docker("stop", "-t", "0", talkers.containers()["a"])
    done = talkers.dfdev("exec", "a", "true")
    assert done.code == 1 and "start it with `dfdev up a`" in done.err


def test_shell_is_a_terminal_of_ones_own(talkers: Lab) -> None:
    import pexpect

    from tests.e2e.lab import DFDEV

    child = pexpect.spawn(str(DFDEV), ["shell", "a"], env=talkers.environ, cwd=str(talkers.home), timeout=20)
    child.delaybeforesend = 0
    child.sendline("test -t 0 && echo 'it is' a-terminal")
    child.expect_exact("it is a-terminal")
    child.sendline("exit 4")
    child.expect_exact(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
