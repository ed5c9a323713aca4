"""A citizen asks for a copy of their data, or to have it erased.

Promise: nothing is said to be erased here. The action says that it has begun; the channel says that it is
done when the backend knows that everything is.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import ClassVar

from pydantic import ValidationError

from actions.backend_client import backend
from actions.backend_models import RightsRequest
from actions.backend_requests import BackendError, BackendRefused
from actions.base import DialogueAction
from actions.forms import FormTurn, reads_as_question, says_yes
from actions.outbox import outbox
from actions.turn import Turn

logger = logging.getLogger(__name__)

KINDS = {"export_data": "export", "delete_data": "erasure"}
_CONFIRMED = json.dumps({"confirmed": "yes"})
_NEW_CODE = "code"
_ASKS_FOR_NEW_CODE = re.compile(
    r"\b(?:ny|nyt|anden|nye|igen)\b.*\bkode|\bkode\w*\b.*\b(?:ny|igen|kommer ikke|ikke fået)\b|\bikke fået\b",
    re.IGNORECASE,
)
_LEAVES = ("deny", "skip_question", "previous_question")


class AskAboutData(DialogueAction):
    """The citizen wants a copy, or everything erased."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_ask_about_data"

    async def act(self, turn: Turn) -> None:
        """Begins at once, unless something else is under way: then it asks first, and that stays open."""
        intent = turn.wanted
        is_plain = turn.intent in KINDS and turn.active_form is None
        if is_plain or turn.accepts(f"/{intent}{_CONFIRMED}"):
            turn.next_action("rights_form")
            return
        turn.say("utter_offer_copy" if intent == "export_data" else "utter_offer_erasure")
        turn.wait()


class RightsTurn(FormTurn):
    """Makes sure who asks, asks what must be known, and begins."""

    form = "rights_form"
    begun_by = frozenset(KINDS)

    async def begin(self, turn: Turn) -> None:
        """Takes the request, or takes up the one that is open."""
        await self._begin(turn, KINDS.get(turn.wanted, "export"))

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes a code, a yes or a no."""
        request = request_under_way(turn)
        if request is None or self._asks_for_the_other(turn, request):
            await self.begin(turn)
            return True
        if turn.intent == "resume_assessment":
            turn.ask(asked)
            return True
        turn.attempting("utter_rights_unavailable")
        return await self._ANSWERS[asked](self, turn, request)

    async def question(self, turn: Turn, slot: str) -> None:
        """Asks for a code, about the meeting, or whether to erase."""
        request = request_under_way(turn)
        if request is None:
            return
        meeting = request.meeting
        if slot == "identity_code":
            turn.say("utter_code_question", where=_where(request))
        elif slot == "meeting_choice" and meeting:
            asking = "utter_meeting_choice" if meeting.can_cancel else "utter_meeting_choice_late"
            turn.say(asking, time=meeting.label)
        else:
            turn.say("utter_confirm_erasure", meeting=_of_meeting(request, turn.slot("meeting_choice")))

    async def _begin(self, turn: Turn, kind: str) -> None:
        turn.attempting("utter_rights_unavailable")
        turn.set("meeting_choice", None)
        try:
            request = await backend().ask_for_right(
                turn.conversation_id, kind, turn.channel, turn.key(f"right:{kind}")
            )
        except BackendRefused as refusal:
            self._refused(turn, refusal)
            return
        turn.set("rights_request", request)
        if request.receipt:
            turn.say("utter_erasure_under_way", receipt=request.receipt, receipt_url=request.receipt_url)
            turn.end_form()
        else:
            await self._go_on(turn, request)

    async def _go_on(self, turn: Turn, request: RightsRequest) -> None:
        if request.identity == "staff" and not request.is_identified:
            turn.say("utter_rights_by_staff")
            turn.end_form()
        elif not request.is_identified:
            turn.ask("identity_code")
        elif request.kind == "export":
            await self._give_link(turn, request)
        elif request.meeting:
            turn.ask("meeting_choice")
        else:
            turn.ask("erasure_confirmed")

    async def _take_code(self, turn: Turn, request: RightsRequest) -> bool:
        if turn.entity("correction") == _NEW_CODE or _ASKS_FOR_NEW_CODE.search(turn.text):
            await self._send_new_code(turn, request)
            return True
        if not turn.code_proof:
            return await self._take_no_code(turn, request)
        check = await backend().check_code(request.id, turn.code_proof, turn.key("code"))
        if check.answer == "right":
            known = request.copy(update={"is_identified": True})
            turn.set("rights_request", known)
            await self._go_on(turn, known)
        else:
            told = "utter_code_wrong" if check.answer == "wrong" else "utter_code_expired"
            turn.say(told, left=check.tries_left)
            turn.ask("identity_code")
        return True

    async def _take_no_code(self, turn: Turn, request: RightsRequest) -> bool:
        is_other_code = turn.intent == "inform" if turn.clicked else re.search(r"\d", turn.text)
        if not is_other_code:
            return await self._leave(turn, request) if turn.intent in _LEAVES else False
        turn.say("utter_code_needs_digits")
        turn.ask("identity_code")
        return True

    async def _send_new_code(self, turn: Turn, request: RightsRequest) -> None:
        try:
            await backend().send_code(request.id, turn.channel, turn.key("new-code"))
        except BackendRefused as refusal:
            self._refused(turn, refusal)
            return
        turn.say("utter_new_code")
        turn.ask("identity_code")

    async def _choose_meeting(self, turn: Turn, request: RightsRequest) -> bool:
        if says_yes(turn) or (turn.intent == "cancel_booking" and not reads_as_question(turn.text)):
            turn.set("meeting_choice", "cancel")
        elif turn.intent == "deny":
            turn.set("meeting_choice", "keep")
        else:
            return await self._leave(turn, request) if turn.intent in _LEAVES else False
        turn.ask("erasure_confirmed")
        return True

    async def _confirm(self, turn: Turn, request: RightsRequest) -> bool:
        if not says_yes(turn):
            return await self._leave(turn, request) if turn.intent in _LEAVES else False
        turn.attempting("utter_erasure_failed")
        # A cancellation that still waits would be erased with everything else, and the meeting would stand.
        await outbox().settle(turn.conversation_id)
        turn.attempting("utter_erasure_failed", "utter_erasure_unknown")
        try:
            begun = await backend().begin_erasure(
                request.id, turn.slot("meeting_choice"), request.meeting, turn.key("erase")
            )
        except BackendRefused as refusal:
            # It has been too long since it was shown who asks, or there is another meeting now.
            logger.info("The erasure was refused: %s", refusal.slug)
            if refusal.slug == "person-there":
                turn.say("utter_erasure_person_there")
                self._finish(turn)
                return True
            await self._begin(turn, "erasure")
            return True
        url = begun.receipt_url
        link = _link("Følg med her", url)
        turn.say("utter_erasure_begun", custom=link, receipt=begun.number, receipt_url=url)
        self._finish(turn)
        return True

    async def _give_link(self, turn: Turn, request: RightsRequest) -> None:
        try:
            link = await backend().data_link(request.id, turn.key("link"))
        except BackendRefused as refusal:
            self._refused(turn, refusal)
            return
        turn.say("utter_data_link", custom=_link("Se mine oplysninger", link.url), url=link.url)
        self._finish(turn)

    async def _leave(self, turn: Turn, request: RightsRequest) -> bool:
        try:
            await backend().withdraw_request(request.id, turn.key("withdraw"))
        except BackendError as error:
            # It stays on the staff's list, who ask; nothing is erased by it.
            logger.warning("A request is not taken back: %s", error)
        turn.say("utter_left_rights")
        self._finish(turn)
        return True

    @staticmethod
    def _refused(turn: Turn, refusal: BackendRefused) -> None:
        logger.info("A request about data was refused: %s", refusal.slug)
        is_too_many = refusal.slug == "too-many-codes"
        turn.say("utter_too_many_codes" if is_too_many else "utter_rights_unavailable")
        turn.end_form()

    @staticmethod
    def _finish(turn: Turn) -> None:
        turn.end_form()
        turn.set("rights_request", None)

    @staticmethod
    def _asks_for_the_other(turn: Turn, request: RightsRequest) -> bool:
        return turn.intent in KINDS and KINDS[turn.intent] != request.kind

    _ANSWERS: ClassVar[dict[str, Callable[["RightsTurn", Turn, RightsRequest], Awaitable[bool]]]] = {
        "identity_code": _take_code,
        "meeting_choice": _choose_meeting,
        "erasure_confirmed": _confirm,
    }


def request_under_way(turn: Turn) -> RightsRequest | None:
    """Gives the request that the citizen is being asked about, or None."""
    try:
        return RightsRequest.parse_obj(turn.slot("rights_request"))
    except ValidationError:
        return None


def _link(title: str, url: str) -> dict[str, str]:
    """A link as the chat shows it; elsewhere the address stands in the text."""
    return {"type": "link", "title": title, "url": url}


def _where(request: RightsRequest) -> str:
    if request.sent_to is None:
        return "den telefon, du plejer at skrive fra"
    return f"det nummer, der slutter på {request.sent_to[-2:]}"


def _of_meeting(request: RightsRequest, choice: object) -> str:
    if request.meeting is None:
        return ""
    time = request.meeting.label
    if choice == "keep":
        # Nobody is known by it afterwards, so it cannot be moved or cancelled here any more.
        return f"Du beholder din tid {time}. Ring, hvis du vil ændre den."
    if request.meeting.can_cancel:
        return f"Jeg aflyser din tid {time}."
    return f"Jeg melder afbud til din tid {time}."
