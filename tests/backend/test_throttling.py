"""How much one person may ask for, and who that is behind a proxy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throttling import Limit, Proxies


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_is_taken_at_once_comes_back_with_time() -> None:
    clock = Clock()
    limit = Limit(at_once=2, a_minute=6, clock=clock)
    assert [limit.take("a") for _ in range(3)] == [True, True, False]
    assert limit.seconds_to_next("a") == pytest.approx(10)
    clock.now += 9.9
    assert not limit.take("a")
    clock.now += 0.2
    assert limit.take("a")
    assert not limit.take("a")
    limit.give_back("a")
    assert limit.take("a")
    clock.now += 3600
    assert [limit.take("a") for _ in range(3)] == [True, True, False]


def test_nobody_is_held_back_by_somebody_else() -> None:
    limit = Limit(at_once=1, a_minute=1, clock=Clock())
    assert limit.take("a")
    assert limit.take("b")
    assert not limit.take("a")


def test_only_so_many_are_remembered() -> None:
    limit = Limit(at_once=1, a_minute=1, clock=Clock(), most_keys=2)
    assert [limit.take(key) for key in "abc"] == [True, True, True]
    assert not limit.take("c")
    assert limit.take("a")


@given(st.lists(st.floats(0, 120), max_size=200), st.integers(1, 20), st.integers(1, 120))
def test_never_more_is_taken_than_at_once_and_what_came_back_since(
    pauses: list[float], at_once: int, a_minute: int
) -> None:
    clock = Clock()
    limit = Limit(at_once, a_minute, clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += limit.take("a")
        assert taken <= at_once + (clock.now - 1000) * a_minute / 60 + 1e-6


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["made.up, 198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.7, 10.1.2.3"], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("::ffff:127.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("127.0.0.1", [], None),
        ("127.0.0.1", ["10.0.0.1"], None),
        ("127.0.0.1", ["203.0.113.7, unknown"], None),
        (None, ["203.0.113.7"], None),
    ],
)
def test_who_asks_is_the_last_that_is_none_of_our_proxies(
    peer: str | None, forwarded: list[str], client: str | None
) -> None:
    assert Proxies("127.0.0.1, ::1,10.0.0.0/8").client(peer, forwarded) == client


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy"):
        Proxies("proxy.kommune.example")
