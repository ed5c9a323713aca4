"""The console as an aiohttp application of its own, mounted below /console."""

from functools import partial
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from backend import danish
from backend.booking.contact import spoken_phone
from backend.console import (
    account_pages,
    appointments,
    audit_page,
    audit_words,
    code_page,
    conversation_page,
    conversations,
    corrections,
    decisions,
    deletion,
    desk,
    desk_forms,
    figure_words,
    figures,
    live,
    meetings,
    own_account,
    own_password,
    placements,
    provider_sign_in,
    reviews,
    rights_requests,
    sign_in,
    sms,
    team_pages,
    turn_words,
    waiting,
    words,
)
from backend.console.duties import put_duties_first
from backend.console.guard import (
    add_headers,
    admit_caseworkers,
    demand_rights,
    note_in_audit,
    refuse_forged_forms,
    tell_errors,
)

CONSOLE_PREFIX = "/console"
PROVIDER_ANSWER = f"{CONSOLE_PREFIX}{provider_sign_in.ANSWER_PATH}"


def create_console() -> web.Application:
    """The console; it takes its settings, database and clock from the application it is mounted in."""
    console = web.Application(
        middlewares=[
            tell_errors,
            admit_caseworkers,
            refuse_forged_forms,
            put_duties_first,
            note_in_audit,
            demand_rights,
        ]
    )
    console.on_response_prepare.append(add_headers)
    environment = aiohttp_jinja2.setup(
        console,
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        audit_words=audit_words,
        figure_words=figure_words,
        turn_words=turn_words,
        danish=danish,
        spoken_phone=spoken_phone,
        url=partial(_url, console),
    )
    console.add_routes(sign_in.routes)
    console.add_routes(code_page.routes)
    console.add_routes(provider_sign_in.routes)
    console.add_routes(own_account.routes)
    console.add_routes(own_password.routes)
    console.add_routes(conversations.routes)
    console.add_routes(conversation_page.routes)
    console.add_routes(live.routes)
    console.add_routes(desk.routes)
    console.add_routes(desk_forms.routes)
    console.add_routes(placements.routes)
    console.add_routes(decisions.routes)
    console.add_routes(reviews.routes)
    console.add_routes(corrections.routes)
    console.add_routes(appointments.routes)
    console.add_routes(meetings.routes)
    console.add_routes(waiting.routes)
    console.add_routes(rights_requests.routes)
    console.add_routes(sms.routes)
    console.add_routes(figures.routes)
    console.add_routes(account_pages.routes)
    console.add_routes(team_pages.routes)
    console.add_routes(audit_page.routes)
    console.add_routes(deletion.routes)
    return console


def _url(console: web.Application, name: str, **parts: str) -> str:
    return str(console.router[name].url_for(**parts))
