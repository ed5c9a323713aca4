"""Fills the console's templates."""

from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from backend.console.browser import CASEWORKER, CSRF_FIELD, csrf_token
from backend.console.duties import DUTY
from backend.console.menu import MENU, MenuEntry
from backend.console.rights import Caseworker, Right
from backend.keys import MUNICIPALITY


def render(
    request: web.Request, template: str, context: Mapping[str, object], status: int = 200
) -> web.Response:
    """A page with what it tells, and with what every page of the console knows."""
    caseworker = request.get(CASEWORKER)
    token = csrf_token(request)
    every_page = {
        "municipality": request.config_dict[MUNICIPALITY],
        "caseworker": caseworker,
        "may_work": bool(caseworker and caseworker.may(Right.WORK_ON_CASES)),
        "menu": _menu(request, caseworker),
        "csrf_input": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token),
    }
    return aiohttp_jinja2.render_template(template, request, {**every_page, **context}, status=status)


def _menu(request: web.Request, caseworker: Caseworker | None) -> list[MenuEntry]:
    # No entry leads anywhere for who has something to do first.
    if caseworker is None or DUTY in request:
        return []
    return [entry for entry in MENU if caseworker.may(entry.right)]
