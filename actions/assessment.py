"""The self-assessment: one question after another, each answer stored before anything is said about it."""

import re

from actions.backend_client import backend
from actions.backend_models import Assessment, Item
from actions.backend_requests import BackendRefused
from actions.besides import answer_and_question, answer_besides
from actions.citizens import citizen_id_of, remembered_assessment
from actions.explanation import explain, times_explained
from actions.forms import FormTurn
from actions.leaving import BEGIN_AGAIN, leave
from actions.result import say_result
from actions.scale import ScaleAnswer, read_scale_answer
from actions.turn import Turn
from bot.numerals import read_number

# The question the citizen saw is no longer the open one: it was answered elsewhere, or twice.
OVERTAKEN = frozenset({"not-current-item", "assessment-finished"})

# Said to "Vil du begynde forfra?", these mean no.
_WAYS_BACK = frozenset({"previous_question", "skip_question", "resume_assessment"})

_CORRECTS = re.compile(
    r"\b(?:forkert|ikke (?:helt )?rigtigt|passer ikke|stemmer ikke|ikke det,? jeg mente)\b"
)
_NOT_NOW = re.compile(r"\bikke? (?:lige )?(?:nu|i dag)\b")


class AssessmentTurn(FormTurn):
    """Starts or resumes the assessment and takes the answers."""

    form = "assessment_form"
    begun_by = frozenset({"start_assessment"})

    async def begin(self, turn: Turn) -> None:
        """Opens the assessment where it was left, or anew for who has said yes to that."""
        restart = turn.accepts(BEGIN_AGAIN)
        turn.attempting("utter_assessment_unavailable")
        citizen_id = await citizen_id_of(turn)
        if restart:
            turn.attempting("utter_restart_failed", "utter_restart_unknown")
        key = turn.key("restart" if restart else "start")
        assessment = await backend().start_assessment(citizen_id, key, restart=restart)
        turn.set("assessment", assessment)
        if restart:
            turn.say("utter_assessment_restarted")
        elif assessment.number > 1:
            turn.say("utter_assessment_resumed")
        else:
            hesitates = turn.wanted in ("answer_cannot", "answer_with_help", "dont_know")
            turn.say("utter_assessment_begun_gently" if hesitates else "utter_assessment_begun")
        turn.ask("item_answer")

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes an answer, or one of the ways around answering."""
        assessment = remembered_assessment(turn)
        if assessment is None or assessment.current_item is None:
            await self.begin(turn)
            return True
        if turn.was_offered(BEGIN_AGAIN) and turn.intent in _WAYS_BACK:
            turn.say("utter_restart_declined")
            turn.ask("item_answer")
            return True
        both = answer_and_question(turn)
        if both is None:
            return await self._take(turn, assessment, assessment.current_item)
        given, question = both
        await self._store(turn, assessment, assessment.current_item, given)
        await answer_besides(turn, question)
        return True

    async def question(self, turn: Turn, slot: str) -> None:
        """Puts the current question, in easier words when the citizen has asked for an explanation."""
        assessment = remembered_assessment(turn)
        if assessment is not None and assessment.current_item is not None:
            _say_question(turn, assessment, assessment.current_item)

    async def _take(self, turn: Turn, assessment: Assessment, item: Item) -> bool:
        given = read_scale_answer(turn.text, turn.intent)
        if turn.intent == "previous_question" or _denies(turn, _CORRECTS):
            await self._undo(turn, assessment)
        elif _denies(turn, _NOT_NOW):
            await leave(turn)
            turn.end_form()
        elif given is not None:
            await self._store(turn, assessment, item, given)
        elif turn.intent == "skip_question":
            await self._skip(turn, assessment, item)
        elif turn.intent == "explain_question":
            explain(turn, item)
            turn.ask("item_answer")
        elif read_number(turn.text) is not None or _agrees_again(turn):
            turn.say("utter_scale")
            turn.ask("item_answer")
        elif turn.intent in ("affirm", "resume_assessment"):
            turn.ask("item_answer")
        else:
            return False
        return True

    async def _store(self, turn: Turn, assessment: Assessment, item: Item, given: ScaleAnswer) -> None:
        turn.attempting("utter_answer_not_saved", "utter_answer_unknown")
        try:
            after = await backend().answer(assessment.id, item.id, given.response, turn.key("answer"))
        except BackendRefused as refusal:
            await self._catch_up(turn, assessment, refusal)
            return
        if not turn.clicked:
            turn.say("utter_answer_noted", answer=given.wording)
        await self._go_on(turn, after)

    async def _skip(self, turn: Turn, assessment: Assessment, item: Item) -> None:
        turn.attempting("utter_answer_not_saved", "utter_answer_unknown")
        try:
            after = await backend().skip(assessment.id, item.id, turn.key("skip"))
        except BackendRefused as refusal:
            await self._catch_up(turn, assessment, refusal)
            return
        turn.say("utter_question_skipped")
        await self._go_on(turn, after)

    async def _undo(self, turn: Turn, assessment: Assessment) -> None:
        turn.attempting("utter_undo_failed", "utter_answer_unknown")
        try:
            after = await backend().undo(assessment.id, turn.key("undo"))
        except BackendRefused as refusal:
            if refusal.slug == "nothing-to-undo":
                turn.say("utter_nothing_to_undo")
                turn.ask("item_answer")
            else:
                await self._catch_up(turn, assessment, refusal)
            return
        turn.say("utter_answer_undone")
        await self._go_on(turn, after)

    async def _go_on(self, turn: Turn, assessment: Assessment) -> None:
        turn.set("assessment", assessment)
        if assessment.current_item is not None:
            turn.ask("item_answer")
            return
        turn.end_form()
        turn.say("utter_assessment_done")
        if await say_result(turn, assessment.id):
            turn.next_action("occupation_form")

    async def _catch_up(self, turn: Turn, assessment: Assessment, refusal: BackendRefused) -> None:
        """Goes on from where the backend is, when that is not where the conversation thought."""
        turn.attempting("utter_answer_unknown")
        turn.end_form()
        if refusal.slug == "not-found":
            await self.begin(turn)
        elif refusal.slug in OVERTAKEN:
            current = await backend().assessment(assessment.id)
            turn.say("utter_question_overtaken")
            await self._go_on(turn, current)
        else:
            raise refusal


def _agrees_again(turn: Turn) -> bool:
    return turn.intent == "affirm" and turn.times_said_since("affirm", "assessment") > 1


def _denies(turn: Turn, pattern: re.Pattern[str]) -> bool:
    return turn.intent == "deny" and pattern.search(turn.text.casefold()) is not None


def _say_question(turn: Turn, assessment: Assessment, item: Item) -> None:
    number, left = assessment.number, assessment.at_most_left
    shown = {"type": "question", "number": number, "left": left}
    skill = item.easier_text if turn.wants_easy_words else item.text
    if times_explained(turn):
        turn.say("utter_question_again", custom=shown, skill=item.easier_text)
    elif left:
        turn.say("utter_question", custom=shown, number=number, left=left, skill=skill)
    else:
        turn.say("utter_last_question", custom=shown, number=number, skill=skill)
