"""Nothing is lost, doubled or said falsely, whatever breaks: the short version of `make chaos`.

A crowd holds whole conversations while every process is killed, the backend answers late, with errors, with
garbage and with half a body, and its database is locked, read-only and without room.
"""

import random
import secrets

import pytest

from benchmarks.faults.clock_suite import clock_faults, clock_stage
from benchmarks.faults.disk import NotHere
from benchmarks.faults.suite import SHORT, faults, in_a_row, run, stage, told
from benchmarks.own_loop import run_in_own_loop


def test_a_crowd_is_told_nothing_but_the_truth_and_gets_what_it_came_for_whatever_breaks() -> None:
    seed = secrets.randbelow(10**6)
    with stage(SHORT) as set_up:
        every = faults(set_up, SHORT, random.Random(seed), lambda _: None)
        report = run_in_own_loop(run(set_up, SHORT, f"seed {seed}", in_a_row(every), seed))
    print(told(report))
    assert report.verdict.findings() == [], told(report)
    assert report.verdict.conversations >= SHORT.citizens
    assert report.verdict.writes > 0
    assert any(ledger.erasing and ledger.erasing.is_done for ledger in report.ledgers), "nobody was erased"


def test_an_hour_without_the_sms_gateway_and_a_change_of_the_clock_lose_nothing() -> None:
    seed = secrets.randbelow(10**6)
    try:
        with clock_stage() as set_up:
            every = clock_faults(set_up, SHORT)
            for name in ("SMS gateway down", "summer time begins"):
                report = run_in_own_loop(every[name](seed))
                print(f"seed {seed}", told(report))
                assert report.verdict.findings() == [], told(report)
                assert report.verdict.writes > 0
    except NotHere as reason:
        pytest.skip(str(reason))
