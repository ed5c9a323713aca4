"""The audit log as a page: who saw or changed what."""

from datetime import date, timedelta

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from backend.audit.anchors import FoundWholeFile
from backend.audit.repository import AuditFilter, AuditRepository
from backend.console.accounts import fold_login
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.danish import midnight
from backend.keys import DATABASE, SETTINGS

routes = web.RouteTableDef()

PAGE_SIZE = 50
_FILTERS = ("actor", "conversation", "day")


class AuditQuery(BaseModel):
    """What the page is asked for."""

    actor: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$")
    conversation: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$")
    day: date | None = Field(None, ge=date(2000, 1, 1), le=date(2999, 12, 31))
    below: int | None = Field(None, ge=1, le=2**31 - 1)

    def filter(self) -> AuditFilter:
        """The conditions without the page; a day is a Danish one."""
        return AuditFilter(
            actor=fold_login(self.actor) if self.actor else None,
            conversation_id=self.conversation.strip() if self.conversation else None,
            since=midnight(self.day) if self.day else None,
            before=midnight(self.day + timedelta(days=1)) if self.day else None,
        )


@routes.get("/audit", name="audit")
@needs(Right.ADMINISTER)
async def show_audit(request: web.Request) -> web.Response:
    """The entries that fit the filter, newest first."""
    filled = {name: value for name, value in request.query.items() if value}
    try:
        query = AuditQuery.model_validate(filled)
    except ValidationError as error:
        raise web.HTTPBadRequest from error
    async with request.config_dict[DATABASE].read() as work:
        found = await AuditRepository(work.session).find(query.filter(), query.below, PAGE_SIZE + 1)
    entries = found[:PAGE_SIZE]
    asked = {name: filled.get(name, "") for name in _FILTERS}
    more = None
    if len(found) > PAGE_SIZE:
        kept = {name: value for name, value in asked.items() if value}
        address = request.app.router["audit"].url_for()
        more = str(address.with_query({**kept, "below": str(entries[-1].position)}))
    found_whole = FoundWholeFile(request.config_dict[SETTINGS].data_path).read()
    context = {"entries": entries, "asked": asked, "more": more, "found_whole": found_whole}
    return render(request, "audit.html", context)
