"""Fills the console's templates."""

from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from backend.console.browser import CASEWORKER, CSRF_FIELD, csrf_token
from backend.console.menu import MENU
from backend.console.rights import Right
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
        "menu": [entry for entry in MENU if caseworker and caseworker.may(entry.right)],
        "csrf_input": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token),
    }
    return aiohttp_jinja2.render_template(template, request, {**every_page, **context}, status=status)
