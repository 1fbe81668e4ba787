import threading

import pytest

from dfdev.system.parallel import spread, together


def test_results_keep_their_order() -> None:
    assert spread(lambda n: n * n, range(20), workers=4) == [n * n for n in range(20)]


def test_calls_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)
    together(lambda: meeting.wait(), lambda: meeting.wait())


def test_the_first_error_is_raised_once_all_have_ended() -> None:
    ended: list[int] = []

    def work(n: int) -> None:
        if n == 1:
            raise ValueError("one")
        ended.append(n)

    with pytest.raises(ValueError, match="one"):
        spread(work, [0, 1, 2, 3], workers=2)
    assert sorted(ended) == [0, 2, 3]


def test_nothing_to_do() -> None:
    assert spread(lambda n: n, [], workers=4) == []
