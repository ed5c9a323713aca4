"""What a caseworker does in a handover: be there, take, write, whisper, give on, end, note a call."""

from backend.handover import texts
from backend.handover.desk_reading import DeskReading
from backend.handover.floor import is_here
from backend.handover.ownership import Ownership, Reason
from backend.handover.problems import ColleagueAway, NotOwned
from backend.handover.repository import ownership_of
from backend.handover.service import apply
from backend.handover.tables import CallRequest, Cause, DeskMessage, EventKind, Handover, MessageState
from backend.privacy.tombstones import is_stub
from backend.problems import NotFound


class DeskService(DeskReading):
    """What one caseworker sees and does, within one transaction.

    Every change takes the key of its request; a repeated one changes nothing.
    """

    # Being there

    async def be_there(self, *, available: bool) -> None:
        """The caseworker says whether they take new conversations."""
        teams = self._colleague.scope.teams
        before = await self._handovers.presence(self._colleague.login)
        row = {
            "name": self._colleague.name,
            "teams": None if teams is None else sorted(teams),
            "available": available,
            "ever_available": available or (before is not None and before.ever_available),
            "seen_at": self._now,
        }
        await self._handovers.be_present(self._colleague.login, row)

    async def give_sign_of_life(self) -> None:
        """The caseworker's browser is still there. Who only looks in does not become known by that."""
        presence = await self._handovers.presence(self._colleague.login)
        if presence is not None:
            await self.be_there(available=presence.available)

    # Taking, in two steps; see `desk`

    async def reserve(self, conversation_id: str) -> Handover:
        """Keeps a conversation from others while the assistant is asked to be silent.

        Raises:
            NotFound: There is no such conversation.
            OwnedByAnother: Another has it or is about to.
        """
        if is_stub(conversation_id) or await self._handovers.team_of(conversation_id) is None:
            raise NotFound("There is no such conversation")
        await self._handovers.add_if_absent(
            conversation_id, Ownership.asked(Reason.STEPPED_IN, self._now), passed_on="", position=0
        )
        # Whoever has a conversation must be seen to be there, whether they take new ones or not.
        await self.be_there(available=await self.is_available())
        handover = await self._open(conversation_id)
        await self._become(
            handover, ownership_of(handover).reserved(self._colleague.login, self._now), EventKind.RESERVED
        )
        return handover

    async def take(self, conversation_id: str, *, key: str, announced: bool) -> Handover:
        """The assistant is silent: the caseworker has the conversation.

        Args:
            conversation_id: Which one.
            key: Of the request.
            announced: Whether the citizen is told who is here; what the caseworker writes tells it, too.

        Raises:
            OwnedByAnother: The reservation has lapsed, or is another's.
        """
        handover = await self._open(conversation_id)
        before = ownership_of(handover)
        after = before.taken(self._colleague.login, self._now)
        if after == before:
            return handover
        handover.owner_name = self._colleague.name
        await self._become(handover, after, EventKind.TAKEN, key=key)
        if announced:
            await self._say(handover, "utter_person_here", person=self._colleague.first_name)
        return handover

    async def release(self, conversation_id: str) -> None:
        """The conversation could not be taken: it waits again, or nobody waits in it."""
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is None or handover.reserved_by != self._colleague.login:
            return
        await self._become(handover, ownership_of(handover).released(self._now), EventKind.RELEASED)
        await self._say(handover, "utter_person_not_here", only_if="unanswered")

    # Having

    async def write(self, conversation_id: str, text: str, *, key: str) -> DeskMessage:
        """Writes to the citizen; the message is on its way once this is committed.

        Raises:
            NotOwned: The caseworker does not have the conversation.
        """
        handover = await self._handovers.open(conversation_id, for_change=True)
        earlier = await self.written(key)
        if earlier is not None:
            return earlier
        handover = self._held(handover)
        await self._note(handover, EventKind.MESSAGE_SENT)
        return await self._handovers.add_message(
            handover,
            self._now,
            key=key,
            author=self._colleague.login,
            author_name=self._colleague.name,
            text=text,
        )

    async def retry(self, message_id: str) -> DeskMessage:
        """Sends a message again that has failed; any other stays as it is.

        Raises:
            NotFound: There is no such message.
        """
        message = await self._handovers.message_for_change(message_id)
        if message is None:
            raise NotFound("There is no such message")
        if message.state == MessageState.FAILED:
            message.state, message.attempts = MessageState.WAITING, 0
            message.next_attempt_at = message.changed_at = self._now
        return message

    async def whisper(self, conversation_id: str, text: str, *, key: str) -> None:
        """Notes something for colleagues alone.

        Raises:
            NotFound: Nobody is called on in the conversation.
        """
        handover = await self._open(conversation_id)
        if not await self._handovers.is_done(key):
            await self._note(handover, EventKind.WHISPERED, note=text, key=key)

    async def transfer(self, conversation_id: str, to: str, *, key: str) -> None:
        """Gives the conversation to a colleague who is there.

        Raises:
            NotOwned: The caseworker does not have it.
            ColleagueAway: The colleague is not there, or may not see the citizen.
        """
        handover = await self._begin(conversation_id, key)
        if handover is None:
            return
        colleague = await self._handovers.presence(to)
        team_id = await self._handovers.team_of(conversation_id)
        if colleague is None or not is_here(colleague, self._now) or not colleague.available:
            raise ColleagueAway
        if team_id is None or not colleague.scope.covers(team_id):
            raise ColleagueAway
        after = ownership_of(handover).transferred(self._colleague.login, to)
        await self._become(handover, after, EventKind.TRANSFERRED, note=to, key=key)
        handover.owner_name = colleague.name
        await self._say(handover, "utter_person_changed", person=texts.first_name(colleague.name))

    async def hand_back(self, conversation_id: str, word: str, *, key: str) -> None:
        """Lets the bot go on, with a line of context that the citizen hears.

        Raises:
            NotOwned: The caseworker does not have the conversation.
        """
        handover = await self._begin(conversation_id, key)
        if handover is None:
            return
        after = ownership_of(handover).handed_back(self._colleague.login, self._now)
        await self._become(handover, after, EventKind.HANDED_BACK, note=word, key=key)
        if word:
            await self._say(
                handover, "utter_handed_back_with_word", person=self._colleague.first_name, word=word
            )
        else:
            await self._say(handover, "utter_handed_back", person=self._colleague.first_name)

    async def end(self, conversation_id: str, cause: Cause | None, *, key: str) -> None:
        """Ends the handover; the citizen is asked whether they got help.

        Raises:
            NotOwned: The caseworker does not have the conversation.
        """
        handover = await self._begin(conversation_id, key)
        if handover is None:
            return
        after = ownership_of(handover).ended(self._colleague.login, self._now)
        handover.cause = cause
        await self._become(handover, after, EventKind.ENDED, note=cause, key=key)
        await self._say(handover, "utter_person_ended", person=self._colleague.first_name)

    # Numbers to call

    async def note_called(self, request_id: str) -> CallRequest:
        """Notes that the citizen has been called. The first to do so stands.

        Raises:
            NotFound: There is no such wish.
        """
        request = await self._handovers.call_request_for_change(request_id)
        if request is None:
            raise NotFound("There is no such number")
        if request.called_at is None:
            request.called_at, request.called_by = self._now, self._colleague.login
        return request

    async def _open(self, conversation_id: str) -> Handover:
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is None:
            raise NotFound("Nobody is called on in the conversation")
        return handover

    async def _begin(self, conversation_id: str, key: str) -> Handover | None:
        """The handover to change, locked; None when the request has been carried out before.

        Raises:
            NotOwned: The caseworker does not have it.
        """
        handover = await self._handovers.open(conversation_id, for_change=True)
        return None if await self._handovers.is_done(key) else self._held(handover)

    def _held(self, handover: Handover | None) -> Handover:
        if handover is None:
            raise NotOwned
        ownership_of(handover).held_by(self._colleague.login)
        return handover

    async def _become(
        self,
        handover: Handover,
        ownership: Ownership,
        kind: EventKind,
        note: str | None = None,
        key: str | None = None,
    ) -> None:
        apply(handover, ownership)
        await self._note(handover, kind, note=note, key=key)

    async def _note(
        self, handover: Handover, kind: EventKind, note: str | None = None, key: str | None = None
    ) -> None:
        login = self._colleague.login
        await self._handovers.note(handover.id, self._now, kind, actor=login, note=note, key=key)

    async def _say(self, handover: Handover, response: str, only_if: str = "always", **values: str) -> None:
        await self._handovers.add_message(
            handover, self._now, response=response, values=values, only_if=only_if
        )
