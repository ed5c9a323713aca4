"""What an entry of the audit log is about, where the address of a form does not tell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

_SUBJECT = "console_subject"
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form changes.

    Attributes:
        conversation_id: The conversation.
        about: What else it is, in the words of the page, such as an account and a role.
    """

    conversation_id: str | None = None
    about: str | None = None


Finder = Callable[[web.Request, AsyncSession], Awaitable[Subject]]


def is_about(find: Finder) -> Callable[[Handler], Handler]:
    """Declares how to find out what a form is about. It is asked before the form is, and changes nothing."""

    def declare(handler: Handler) -> Handler:
        setattr(handler, _SUBJECT, find)
        return handler

    return declare


def conversation_of(table: Any, parameter: str) -> Finder:
    """Finds the conversation that a row belongs to.

    Args:
        table: Where the row is stored.
        parameter: The part of the address that holds its id.
    """

    async def find(request: web.Request, session: AsyncSession) -> Subject:
        of_row = select(table.conversation_id).where(table.id == request.match_info[parameter])
        return Subject(conversation_id=await session.scalar(of_row))

    return find


async def subject_of(request: web.Request, session: AsyncSession) -> Subject:
    """What a request is about."""
    find: Finder | None = getattr(request.match_info.handler, _SUBJECT, None)
    try:
        return await find(request, session) if find else Subject()
    except web.HTTPException:
        # What is wrong with the request is told by its handler, which then changes nothing.
        return Subject()
