"""The base of every action: the one place that sees to it that the citizen always hears something true."""

import logging
import time
from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.backend_requests import BackendError, BackendUnavailable
from actions.instruments import ACTION_SECONDS, BACKEND, DONE, FAILED
from actions.turn import Turn

logger = logging.getLogger(__name__)


class DialogueAction(Action, ABC):
    """An action that survives a backend that is away, slow or refuses, and its own mistakes.

    Rasa drops what an action that raises has said and done, so the citizen would hear nothing.
    """

    @abstractmethod
    def name(self) -> str:
        """Gives the name the domain knows the action by."""

    @abstractmethod
    async def act(self, turn: Turn) -> None:
        """Does the action's work; what is said and set collects in the turn."""

    def recover(self, turn: Turn, *, outcome_unknown: bool) -> None:
        """Decides how the conversation goes on after a failure has been told.

        Args:
            turn: This turn.
            outcome_unknown: True when what was attempted may have been done all the same.
        """

    async def conclude(self, turn: Turn) -> None:
        """Does what comes last in any case, after a failure too; must not fail itself."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Runs the action for rasa-sdk and gives its events."""
        turn = Turn(dispatcher, tracker)
        began = time.perf_counter()
        outcome = await self._attempt(turn)
        await self.conclude(turn)
        self._note(outcome, time.perf_counter() - began)
        return turn.events

    def _note(self, outcome: str, seconds: float) -> None:
        """Tells and counts how it went."""
        fields = {"action": self.name(), "outcome": outcome, "milliseconds": round(seconds * 1000, 1)}
        logger.info("%(action)s: %(outcome)s", fields, extra={"fields": fields})
        ACTION_SECONDS.labels(self.name(), outcome).observe(seconds)

    async def _attempt(self, turn: Turn) -> str:
        try:
            await self.act(turn)
            return DONE
        except BackendError as error:
            logger.warning("%s: %s", self.name(), error)
            unknown = isinstance(error, BackendUnavailable) and error.outcome_unknown
            told = turn.attempt.unknown if unknown else None
            turn.say(told or turn.attempt.failed)
            self.recover(turn, outcome_unknown=told is not None)
            return BACKEND
        except Exception:
            logger.exception("%s failed", self.name())
            turn.say("utter_technical_error")
            self.recover(turn, outcome_unknown=False)
            return FAILED
