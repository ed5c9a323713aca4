"""The forms that are compared: the adaptive one, and what could be asked instead."""

import hashlib

from backend.assessment.engine import AdaptiveEngine, Engine
from backend.assessment.item_bank import ItemBank
from backend.assessment.outcome import Outcome
from backend.assessment.responses import History
from backend.assessment.rule import ProposalRule

TEN = 10
# Two items an area, the basic ones first, never the same area twice in a row: what a careful person would
# choose.
BALANCED = ("1.1-a", "2.2-a", "4.2-a", "3.1-a", "5.1-a", "2.3-a", "4.1-b", "1.2-a", "5.4-c", "3.1-c")
# Never reached, so that nothing but curtailment or the last place ends the questions.
NEVER_CERTAIN = 0.999999


class TenItems:
    """Ten items in a given order, scored as the adaptive form scores."""

    def __init__(self, adaptive: AdaptiveEngine) -> None:
        self._adaptive = adaptive
        self.bank_version = adaptive.bank_version

    def at_most_left(self, history: History) -> int:
        """How many items come after the current one."""
        return max(0, TEN - len(history) - 1)

    def outcome(self, history: History) -> Outcome:
        """The result of the answers so far."""
        return self._adaptive.outcome(history)


class FixedForm(TenItems):
    """The same ten items for everyone."""

    version = "fixed-10"

    def next_item(self, history: History, seed: str) -> str | None:
        """The next of the ten."""
        return BALANCED[len(history)] if len(history) < TEN else None


class RandomForm(TenItems):
    """Ten items drawn by chance for each."""

    version = "random-10"

    def __init__(self, adaptive: AdaptiveEngine, bank: ItemBank) -> None:
        super().__init__(adaptive)
        self._ids = [item.id for item in bank.items]

    def next_item(self, history: History, seed: str) -> str | None:
        """The next of the ten drawn."""
        if len(history) >= TEN:
            return None

        def place(item_id: str) -> bytes:
            return hashlib.blake2b(f"{seed}/{item_id}".encode(), digest_size=8).digest()

        asked = {response.item_id for response in history}
        return min((item_id for item_id in self._ids if item_id not in asked), key=place)


def forms(bank: ItemBank, rule: ProposalRule) -> dict[str, Engine]:
    """The forms to compare, by the name shown."""
    adaptive = AdaptiveEngine(bank, rule)
    patient = rule.model_copy(update={"required_certainty": NEVER_CERTAIN})
    return {
        "adaptive": adaptive,
        "fixed ten": FixedForm(adaptive),
        "random ten": RandomForm(adaptive, bank),
        "curtailment only": AdaptiveEngine(bank, patient),
    }
