import os
import socket

from dfdev.system.ports import holder, is_free


def test_a_port_that_somebody_listens_on_is_not_free_and_the_holder_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert f"(pid {os.getpid()})" in holder(port)
    assert is_free("127.0.0.1", port)
    assert holder(port) == ""
