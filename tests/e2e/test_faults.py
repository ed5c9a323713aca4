"""Nothing is lost, doubled or said falsely, whatever breaks: the short version of `make chaos`.

A crowd holds whole conversations while every process is killed, the backend answers late, with errors, with
garbage and with half a body, and its database is locked, read-only and without room.
"""

import asyncio
import random
import secrets

from benchmarks.faults.suite import SHORT, faults, in_a_row, run, stage, told


def test_a_crowd_is_told_nothing_but_the_truth_and_gets_what_it_came_for_whatever_breaks() -> None:
    seed = secrets.randbelow(10**6)
    with stage() as set_up:
        every = faults(set_up, SHORT, random.Random(seed), lambda _: None)
        report = asyncio.run(run(set_up, SHORT, f"seed {seed}", in_a_row(every), seed))
    print(told(report))
    assert report.verdict.findings() == [], told(report)
    assert report.verdict.conversations >= SHORT.citizens
    assert report.verdict.writes > 0
