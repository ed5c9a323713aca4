"""What caseworkers do at the desk: be there, take, write, whisper, give on, end."""

from http import HTTPStatus

from aiohttp import web

from backend.console import desk_words
from backend.console.browser import go_to
from backend.console.desk import desk_page, news_part
from backend.console.desk_view import colleague_of
from backend.console.free_text import holds_cpr
from backend.console.guard import sign_of_life
from backend.console.page import render
from backend.console.refusal_words import REFUSALS, Error
from backend.console.rights import Right, needs
from backend.console.subjects import conversation_of, is_about
from backend.db import new_id
from backend.handover.problems import AssistantUnreachable, HoldsCpr, NotOwned, NotWaiting, OwnedByAnother
from backend.handover.tables import CallRequest, Cause
from backend.keys import DESK
from backend.problems import NotFound

routes = web.RouteTableDef()

LONGEST_MESSAGE = 2000
_LONGEST_WORD = 500
_LONGEST_KEY = 100
_Refusal = OwnedByAnother | NotOwned | NotWaiting | AssistantUnreachable
_REFUSED = (OwnedByAnother, NotOwned, NotWaiting, AssistantUnreachable)


@routes.post("/desk/presence", name="desk_presence")
@needs(Right.WORK_ON_CASES)
async def be_there(request: web.Request) -> web.Response:
    """Says whether the caseworker takes new conversations."""
    available = (await request.post()).get("available")
    if available not in ("yes", "no"):
        raise web.HTTPBadRequest
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.be_there(available=available == "yes")
    return go_to(str(request.app.router["desk"].url_for()))


@routes.post("/desk/life", name="desk_life")
@needs(Right.WORK_ON_CASES)
@sign_of_life
async def give_sign_of_life(request: web.Request) -> web.Response:
    """The page is still open."""
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.give_sign_of_life()
    return web.Response(status=HTTPStatus.NO_CONTENT)


@routes.post("/desk/conversations/{conversation_id}/typing", name="desk_typing")
@needs(Right.WORK_ON_CASES)
@sign_of_life
async def show_typing(request: web.Request) -> web.Response:
    """The caseworker is writing to the citizen."""
    await request.config_dict[DESK].show_typing(colleague_of(request), request.match_info["conversation_id"])
    return web.Response(status=HTTPStatus.NO_CONTENT)


@routes.post("/desk/conversations/{conversation_id}/take", name="desk_take")
@needs(Right.WORK_ON_CASES)
async def take(request: web.Request) -> web.Response:
    """Takes a conversation."""
    key = await _key(request)
    try:
        await request.config_dict[DESK].take(
            colleague_of(request), request.match_info["conversation_id"], key=key
        )
    except _REFUSED as refusal:
        return await desk_page(request, problem=await _words(request, refusal), status=refusal.status)
    except NotFound:
        # The page tells what has become of it.
        return await desk_page(request)
    return _to_conversation(request)


@routes.post("/desk/conversations/{conversation_id}/messages", name="desk_write")
@needs(Right.WORK_ON_CASES)
async def write(request: web.Request) -> web.Response:
    """Writes to the citizen; what cannot be sent stays in the field."""
    key, text = await _key(request), await _text(request, "text")
    problem, status = None, HTTPStatus.UNPROCESSABLE_ENTITY
    if not text or len(text) > LONGEST_MESSAGE:
        problem = desk_words.TOO_LONG if text else desk_words.EMPTY_MESSAGE
    elif holds_cpr(text):
        problem = REFUSALS[HoldsCpr.slug]
    else:
        try:
            await request.config_dict[DESK].write(
                colleague_of(request), request.match_info["conversation_id"], text, key=key
            )
        except _REFUSED as refusal:
            problem, status = await _words(request, refusal), HTTPStatus(refusal.status)
    if problem is None:
        return await _done(request, key=new_id())
    if _is_part(request):
        heading, explanation = problem
        return render(request, "error.html", {"heading": heading, "explanation": explanation}, status)
    return await desk_page(request, draft=text, key=key, problem=problem, status=status)


@routes.post("/desk/conversations/{conversation_id}/messages/{message_id}/retry", name="desk_retry")
@needs(Right.WORK_ON_CASES)
async def retry(request: web.Request) -> web.Response:
    """Sends a message again that could not be sent."""
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        message = await service.retry(request.match_info["message_id"])
        if message.conversation_id != request.match_info["conversation_id"]:
            raise NotFound("There is no such message in this conversation")
    return await _done(request)


@routes.post("/desk/conversations/{conversation_id}/whispers", name="desk_whisper")
@needs(Right.WORK_ON_CASES)
async def whisper(request: web.Request) -> web.Response:
    """Notes something for colleagues alone."""
    key, text = await _key(request), await _text(request, "word")
    if not text or len(text) > _LONGEST_WORD:
        raise web.HTTPBadRequest
    if holds_cpr(text):
        raise HoldsCpr
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.whisper(request.match_info["conversation_id"], text, key=key)
    return await _done(request, whisper_key=new_id())


@routes.post("/desk/conversations/{conversation_id}/transfer", name="desk_transfer")
@needs(Right.WORK_ON_CASES)
async def transfer(request: web.Request) -> web.Response:
    """Gives the conversation to a colleague who is there."""
    key, colleague = await _key(request), await _text(request, "colleague")
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.transfer(request.match_info["conversation_id"], colleague, key=key)
    return go_to(str(request.app.router["desk"].url_for()))


@routes.post("/desk/conversations/{conversation_id}/hand-back", name="desk_hand_back")
@needs(Right.WORK_ON_CASES)
async def hand_back(request: web.Request) -> web.Response:
    """Lets the assistant go on, with a line that the citizen hears."""
    key, word = await _key(request), await _text(request, "word")
    if len(word) > _LONGEST_WORD:
        raise web.HTTPBadRequest
    if holds_cpr(word):
        raise HoldsCpr
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.hand_back(request.match_info["conversation_id"], word, key=key)
    return go_to(str(request.app.router["desk"].url_for()))


@routes.post("/desk/conversations/{conversation_id}/end", name="desk_end")
@needs(Right.WORK_ON_CASES)
async def end(request: web.Request) -> web.Response:
    """Ends the handover, and says why the assistant was not enough."""
    key, cause = await _key(request), await _text(request, "cause")
    if cause not in set(Cause):
        raise web.HTTPBadRequest
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.end(request.match_info["conversation_id"], Cause(cause), key=key)
    return go_to(str(request.app.router["desk"].url_for()))


@routes.post("/desk/calls/{request_id}/called", name="desk_called")
@needs(Right.WORK_ON_CASES)
@is_about(conversation_of(CallRequest, "request_id"))
async def note_called(request: web.Request) -> web.Response:
    """Notes that a citizen who left a number has been called."""
    async with request.config_dict[DESK].changing(colleague_of(request)) as service:
        await service.note_called(request.match_info["request_id"])
    return go_to(str(request.app.router["desk"].url_for()))


async def _done(request: web.Request, **keys: str) -> web.Response:
    """What is new now, to an open page; else the way back to it."""
    if _is_part(request):
        return await news_part(request, await request.post(), **keys)
    return _to_conversation(request)


async def _key(request: web.Request) -> str:
    """The key that the form was made with, by which a repeated one is known."""
    key = str((await request.post()).get("key", ""))
    if not key or len(key) > _LONGEST_KEY:
        raise web.HTTPBadRequest
    return key


async def _text(request: web.Request, name: str) -> str:
    # Browsers send line breaks as two characters.
    return str((await request.post()).get(name, "")).replace("\r\n", "\n").strip()


async def _words(request: web.Request, refusal: _Refusal) -> Error:
    if not isinstance(refusal, OwnedByAnother):
        return REFUSALS[refusal.slug]
    async with request.config_dict[DESK].reading(colleague_of(request)) as service:
        handovers = await service.history(request.match_info["conversation_id"])
        names = {one.login: one.name for one in await service.everybody()}
    return desk_words.first_taken(handovers[-1] if handovers else None, names)


def _is_part(request: web.Request) -> bool:
    """Whether an open page asks, which adds the answer to itself."""
    return "HX-Request" in request.headers


def _to_conversation(request: web.Request) -> web.Response:
    conversation_id = request.match_info["conversation_id"]
    address = request.app.router["desk_conversation"].url_for(conversation_id=conversation_id)
    return go_to(str(address.with_fragment("skriv")))
