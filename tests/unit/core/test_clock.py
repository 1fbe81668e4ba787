"""Offsets from exchanges, and what they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core.clock import (
    MILLISECOND,
    SECOND,
    Exchange,
    Offset,
    Verdict,
    beyond,
    breaks,
    estimate,
    median,
    plausible,
    spoken,
    spoken_size,
    stamp_of,
    stamp_of_date,
    verdict,
)

NOW = 1_700_000_000 * SECOND
TOLERANCE = 500 * MILLISECOND

delays = st.integers(0, 3 * SECOND)
offsets = st.integers(-(10**19), 10**19)
grains = st.sampled_from([1, 1000, MILLISECOND, 10 * MILLISECOND, SECOND])


@st.composite
def asked(draw: st.DrawFn, true: int) -> Exchange:
    """An exchange with a machine that is `true` off: any delay before and after its stamp, any cut."""
    begin = NOW + draw(st.integers(0, 100 * SECOND))
    there, back, grain = draw(delays), draw(delays), draw(grains)
    stamp = begin + there + true
    return Exchange(begin, begin + there + back, there + back, stamp - stamp % grain, grain)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[int, list[Exchange]]:
    true = draw(offsets)
    return true, draw(st.lists(asked(true), min_size=1, max_size=12))


@given(worlds())
def test_the_true_offset_is_always_within(world: tuple[int, list[Exchange]]) -> None:
    true, exchanges = world
    found = estimate(exchanges)
    assert found is not None
    assert found.low <= true <= found.high
    assert abs(found.middle - true) <= found.bound


@given(worlds())
def test_several_tell_no_less_than_the_best_of_them(world: tuple[int, list[Exchange]]) -> None:
    _, exchanges = world
    found = estimate(exchanges)
    assert found is not None
    assert found.bound <= min(exchange.offset.bound for exchange in exchanges)


def at(offset: int, took: int = MILLISECOND, grain: int = 1, began: int = NOW) -> Exchange:
    """The stamp is taken at the very end, and cut."""
    stamp = began + took + offset
    return Exchange(began, began + took, took, stamp - stamp % grain, grain)


@pytest.mark.parametrize("jump", [-3600 * SECOND, -100 * MILLISECOND, 100 * MILLISECOND, 3600 * SECOND])
def test_a_machine_that_is_set_in_between_gives_nothing(jump: int) -> None:
    assert estimate([at(0), at(jump)]) is None


def test_no_exchange_gives_nothing() -> None:
    assert estimate([]) is None


@pytest.mark.parametrize(
    ("moved", "was_set"),
    [(0, False), (49 * MILLISECOND, False), (-49 * MILLISECOND, False), (51 * MILLISECOND, True), (-SECOND, True)],
)
def test_a_host_clock_that_is_set_in_between(moved: int, was_set: bool) -> None:
    took = 50 * MILLISECOND
    exchange = Exchange(NOW, NOW + took + moved, took, NOW)
    assert exchange.host_was_set is was_set
    assert (estimate([exchange]) is None) is was_set


def test_an_exchange_over_a_step_of_the_host_is_left_out() -> None:
    good = at(5 * SECOND)
    assert estimate([Exchange(NOW, NOW + 3600 * SECOND, MILLISECOND, NOW), good]) == good.offset


@pytest.mark.parametrize(
    ("low", "high", "middle", "bound"), [(0, 0, 0, 0), (-4, 2, -1, 3), (0, 1, 0, 1), (-3, -2, -3, 1), (10, 13, 11, 2)]
)
def test_middle_and_bound_cover_the_interval(low: int, high: int, middle: int, bound: int) -> None:
    offset = Offset(low, high)
    assert (offset.middle, offset.bound) == (middle, bound)
    assert middle - bound <= low and high <= middle + bound


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Offset(0, 10), Offset(4, 20), Offset(4, 10)),
        (Offset(0, 10), Offset(10, 20), Offset(10, 10)),
        (Offset(0, 10), Offset(11, 20), None),
    ],
)
def test_what_two_measurements_allow(one: Offset, other: Offset, both: Offset | None) -> None:
    assert one.and_also(other) == both
    assert other.and_also(one) == both


def test_an_offset_in_milliseconds_and_in_words() -> None:
    offset = Offset(-3_264_000_000, -3_260_000_000)
    assert (offset.ms, offset.bound_ms, str(offset)) == (-3262.0, 2.0, "3.3 s behind ± 2 ms")


# -- the verdict


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-500, 500, "ok"),
        (-501, -501, "skewed"),
        (500, 500, "ok"),
        (501, 501, "skewed"),
        (499, 503, "skewed"),  # straddles, told well enough: the middle decides
        (497, 501, "ok"),
        (-503, -499, "skewed"),
        (-501, -497, "ok"),
        (-499, 503, "unknown"),  # too wide to tell
        (0, 1003, "unknown"),
        (-1003, 0, "unknown"),
        (-3000, 3000, "unknown"),
        (501, 9000, "skewed"),  # wide, and beyond all the same
        (-9000, -501, "skewed"),
    ],
)
def test_verdict(low: int, high: int, expected: Verdict) -> None:
    assert verdict(Offset(low * MILLISECOND, high * MILLISECOND), TOLERANCE) == expected


def test_no_offset_is_unknown() -> None:
    assert verdict(None, TOLERANCE) == "unknown"


@given(worlds(), st.integers(MILLISECOND, 10 * SECOND))
def test_a_verdict_is_never_wrong_by_more_than_the_bound(world: tuple[int, list[Exchange]], tolerance: int) -> None:
    true, exchanges = world
    found = estimate(exchanges)
    assert found is not None
    told = verdict(found, tolerance)
    assert told != "ok" or abs(true) <= tolerance + 2 * found.bound
    assert told != "skewed" or abs(true) > tolerance - 2 * found.bound


# -- what breaks


@pytest.mark.parametrize(
    ("seconds", "names"),
    [
        (0.9, []),
        (1.5, ["file watchers", "make"]),
        (-1.5, ["file watchers", "make"]),
        (-11, ["file watchers", "make", "apt"]),
        (11, ["file watchers", "make"]),
        (-31, ["file watchers", "make", "apt", "TOTP"]),
        (61, ["file watchers", "make", "TOTP", "registry tokens"]),
        (-301, ["file watchers", "make", "apt", "TOTP", "registry tokens", "AWS", "Kerberos"]),
        (901, ["file watchers", "make", "TOTP", "registry tokens", "AWS", "Kerberos", "S3"]),
    ],
)
def test_what_breaks(seconds: float, names: list[str]) -> None:
    offset = int(seconds * SECOND)
    assert breaks(Offset(offset, offset)) == names


@pytest.mark.parametrize(("hours", "there"), [(-2, True), (2, False)])
def test_new_certificates_break_behind_only(hours: int, there: bool) -> None:
    offset = hours * 3600 * SECOND
    assert ("new TLS certificates" in breaks(Offset(offset, offset))) is there
    assert ("apt" in breaks(Offset(offset, offset))) is there


def test_nothing_known_breaks_nothing() -> None:
    assert breaks(None) == []


# -- stamps


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2023-11-14T22:13:20Z", NOW),
        ("2023-11-14T22:13:20.1Z", NOW + 100_000_000),
        ("2023-11-14T22:13:20.123456789Z", NOW + 123_456_789),
        ("2023-11-14T22:13:20.000000001Z", NOW + 1),
        ("2023-11-15T00:13:20.5+02:00", NOW + SECOND // 2),
        ("2023-11-14T16:43:20-05:30", NOW),
        ("1969-12-31T23:59:59.5Z", -SECOND // 2),
        ("2023-11-14T22:13:20.1234567890Z", None),  # ten digits
        ("2023-11-14T22:13:20.123456789", None),  # of no zone
        ("2023-11-14T22:13:20", None),
        ("2023-11-14", None),
        ("2023-02-30T00:00:00Z", None),
        ("2023-11-14T22:13:60Z", None),
        ("2023-11-14T22:13:20.12x9Z", None),
        ("1700000000", None),
        ("None", None),
        ("", None),
    ],
)
def test_a_stamp_as_go_writes_it(text: str, stamp: int | None) -> None:
    assert stamp_of(text) == stamp


def test_the_first_moment_of_go_is_a_stamp_too() -> None:
    """What an engine says that does not know: far away, and no error."""
    zero = stamp_of("0001-01-01T00:00:00Z")
    assert zero is not None and zero < -62_000_000_000 * SECOND


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.integers(0, SECOND - 1),
    st.integers(-14 * 60, 14 * 60),
)
def test_a_stamp_comes_back(moment: datetime, nanoseconds: int, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    there = moment.replace(tzinfo=zone)
    digits = f"{nanoseconds:09d}".rstrip("0")
    head, tail = there.isoformat()[:19], there.isoformat()[19:]
    text = f"{head}{'.' if digits else ''}{digits}{tail}"
    assert stamp_of(text) == int(there.astimezone(UTC).timestamp()) * SECOND + nanoseconds


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Tue, 14 Nov 2023 22:13:20 GMT", NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 14 Nov 2023 22:13:20 UTC", None),
        ("Tue, 14 Nov 2023 22:13:60 GMT", None),
        ("Tue, 31 Feb 2023 22:13:20 GMT", None),
        ("Tue, 14 Nov 99999999999999999999 22:13:20 GMT", None),
        ("Tue, 14 nov 2023 22:13:20 GMT", None),
        ("Tue, 14 Nov 2023 22:13 GMT", None),
        ("2023-11-14T22:13:20Z", None),
        ("", None),
    ],
)
def test_a_date_header(text: str, stamp: int | None) -> None:
    assert stamp_of_date(text) == stamp


WORDS = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(["Tue,", "14", "Nov", "2023", "22:13:20", "GMT", "-1", "9" * 30, "0001-01-01T00:00:00", ".5Z"]),
        max_size=8,
    ).map(" ".join),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})?"),
    st.from_regex(
        r"[A-Z][a-z]{2}, [0-9]{1,25} (Jan|Nov|Dec) [0-9]{1,25} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT", fullmatch=True
    ),
)


@given(WORDS)
def test_any_text_is_a_stamp_or_none(text: str) -> None:
    assert isinstance(stamp_of(text), int | None)
    assert isinstance(stamp_of_date(text), int | None)


@pytest.mark.parametrize(
    ("stamp", "belongs"),
    [
        (0, True),
        (999_999_999, True),  # of the same second as the header
        (SECOND, False),  # taken after the header was written
        (-5 * MILLISECOND, True),
        (-11 * MILLISECOND, True),  # as early as the question, and a millisecond for the clocks
        (-12 * MILLISECOND, False),  # made for an earlier caller
        (-SECOND, False),
    ],
)
def test_a_stamp_of_an_earlier_answer_is_told(stamp: int, belongs: bool) -> None:
    took = 10 * MILLISECOND
    assert plausible(Exchange(NOW, NOW + took, took, NOW + stamp), NOW) is belongs


def test_without_a_date_header_every_stamp_will_do() -> None:
    assert plausible(Exchange(NOW, NOW, 0, 0), None)


@given(offsets, delays, delays, delays)
def test_an_honest_answer_is_plausible(true: int, there: int, works: int, back: int) -> None:
    """The machine writes the header after its stamp, and cuts it to the second."""
    stamp = NOW + there + true
    written = stamp + works
    took = there + works + back
    assert plausible(Exchange(NOW, NOW + took, took, stamp), written - written % SECOND)


# -- words


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0 ms off"),
        (499_999, "0 ms off"),
        (-499_999, "0 ms off"),
        (600_000, "1 ms ahead"),
        (-3 * MILLISECOND, "3 ms behind"),
        (-20_500 * MILLISECOND, "20.5 s behind"),
        (119 * SECOND, "119.0 s ahead"),
        (-7 * 60 * SECOND, "7 min behind"),
        (3 * 3600 * SECOND, "3.0 h ahead"),
        (-3 * 86400 * SECOND, "3.0 days behind"),
        (-43_800 * 3600 * SECOND, "5.0 years behind"),
    ],
)
def test_spoken(nanoseconds: int, text: str) -> None:
    assert spoken(nanoseconds) == text


@given(st.integers(-(10**20), 10**20))
def test_a_size_has_no_sign(nanoseconds: int) -> None:
    assert spoken_size(nanoseconds) == spoken_size(-nanoseconds)
    assert "-" not in spoken_size(nanoseconds)


def test_small_helpers() -> None:
    assert beyond(0.5) == TOLERANCE
    assert [median(values) for values in ([], [7], [1, 9], [3, 1, 2])] == [0, 7, 9, 2]
