"""Which conversations somebody asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from aiohttp import web
from pydantic import ValidationError

from backend.api.conversations import ConversationQuery
from backend.transcripts.listing import ConversationFilter


class ListQuery(ConversationQuery):
    """Which conversations, as the console's form asks: more than other systems can, who read nothing."""

    channel: Literal["web", "sms", "rest"] | None = None
    unread: Literal["yes"] | None = None
    unsure: Literal["yes"] | None = None
    marked: Literal["yes"] | None = None

    def filter_for(self, reader_id: str) -> ConversationFilter:
        """The conditions without the page, for an account."""
        return replace(
            self.filter(),
            channel=self.channel,
            unsure=bool(self.unsure),
            marked=bool(self.marked),
            unread_by=reader_id if self.unread else None,
        )


def list_query(asked: Mapping[str, str]) -> ListQuery:
    """Which conversations somebody asked for.

    Raises:
        HTTPBadRequest: It cannot be read.
    """
    # A form sends the fields that are left empty, too.
    filled = {name: value for name, value in asked.items() if value}
    try:
        return ListQuery.model_validate(filled)
    except ValidationError as error:
        raise web.HTTPBadRequest from error
