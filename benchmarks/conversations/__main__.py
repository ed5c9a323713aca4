"""Lets twenty kinds of simulated citizens write to the running assistant; `make evaluate-conversations`."""

import sys
import tempfile
from pathlib import Path

from benchmarks.conversations.holding import DEAD_END, FALSE_CLAIM, LOOP, TOO_LONG, TURNS_AT_MOST, Held, hold
from benchmarks.conversations.personalities import personalities
from benchmarks.house import House
from benchmarks.report import percent, table, write_section

CONVERSATIONS_EACH = 10
SEED = 20261124
RESULTS = Path(__file__).parents[2] / "results" / "conversations"
FAULTS = (FALSE_CLAIM, LOOP, DEAD_END, TOO_LONG)
_HEAD = ["citizen", "conversations", "got what they came for", *FAULTS, "turns, mean", "answers misread"]


def run(house: House) -> list[Held]:
    """Holds every conversation, showing how far it is; those that go wrong are written to results/."""
    kinds = personalities()
    total = len(kinds) * CONVERSATIONS_EACH
    every = []
    for kind in kinds:
        for number in range(CONVERSATIONS_EACH):
            held = hold(house, kind, number, SEED)
            every.append(held)
            if held.faults or not held.completed:
                _write_transcript(held)
            print(f"\r{len(every)}/{total} {kind.name:<20}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return every


def _write_transcript(held: Held) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    wrong = ", ".join(held.faults) or "did not get what they came for"
    lines = [f"{held.personality}, {held.goal}: {wrong}", "", *held.transcript, ""]
    (RESULTS / f"{held.personality}-{held.number}.txt").write_text("\n".join(lines), encoding="utf-8")


def page(every: list[Held]) -> str:
    """The section of docs/evaluation.md."""
    by_kind: dict[str, list[Held]] = {}
    for held in every:
        by_kind.setdefault(held.personality, []).append(held)
    lines = [_line(name, group) for name, group in by_kind.items()]
    return f"""# How conversations end

Written by `make evaluate-conversations`. {len(by_kind)} kinds of simulated citizens
([personalities.yml](../benchmarks/conversations/personalities.yml)) each held {CONVERSATIONS_EACH}
conversations in free text with the running assistant, seed {SEED}. After every message what was said
was held against the database. A false claim is something said that is not stored so, or done without being
said. A loop is the same text in three answers in a row with nothing stored meanwhile, a dead end an answer
without a question, a button or a hint; too long is more than {TURNS_AT_MOST} messages. An answer is misread
when another point of the scale was noted, and read back, than the citizen meant. The citizens come from the
same hands as the assistant: real ones are harder to please.

{table(_HEAD, [*lines, _line("**all**", every)])}
"""


def _line(name: str, group: list[Held]) -> list[str]:
    answered = sum(held.answered for held in group)
    return [
        name.replace("_", " "),
        str(len(group)),
        percent(sum(held.completed for held in group) / len(group)),
        *(str(sum(fault in held.faults for held in group)) for fault in FAULTS),
        f"{sum(held.turns for held in group) / len(group):.1f}",
        percent(sum(held.misread for held in group) / answered) if answered else "–",
    ]


def main() -> None:
    """Starts the house, holds the conversations, writes the section."""
    for old in RESULTS.glob("*.txt"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.prepare()
        try:
            house.start()
            section = page(run(house))
        finally:
            house.stop()
    print(section)
    write_section("conversations", section)


if __name__ == "__main__":
    main()
