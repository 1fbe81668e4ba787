"""`python -m tests.fakes.relayed ARGV`: a command behind the relay, its terminal one of its own if there is one."""

from __future__ import annotations

import os
import signal
import sys

from dfdev.frontend.relay import relay
from dfdev.system.terminal import terminal_of
from tests.fakes.session import local_session


def main(argv: list[str]) -> int:
    terminal = terminal_of(0, 1)
    size = terminal.size() if terminal else None
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with local_session(argv, size, "", env, "", lambda: None) as session:

        def killed(number: int) -> None:
            assert session.process is not None
            session.process.send_signal(signal.SIGTERM if number == signal.SIGPIPE else number)

        return relay(session, stdin=0, stdout=1, stderr=2, terminal=terminal, on_interrupt=killed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
