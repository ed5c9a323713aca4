"""The page with figures: pictures, the tables behind them, and each table as a file for a spreadsheet."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from backend import danish
from backend.console import figure_words, words
from backend.console.browser import caseworker_of
from backend.console.count_picture import Bar, Group, count_picture
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.figures.disclosure import Hidden
from backend.figures.period import PERIODS, Period, period
from backend.figures.repository import CHANNELS, FigureRepository
from backend.figures.service import Figure, Figures, FigureService, Row
from backend.figures.tables import TOGETHER
from backend.keys import CLOCK, DATABASE
from backend.problems import NotFound
from backend.teams.repository import TeamRepository
from backend.tracks.repository import TrackRepository

routes = web.RouteTableDef()

_COLUMNS = (*CHANNELS, TOGETHER)
# Where a spreadsheet would take a text for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to tell: the figures, their period, and the municipality's words."""

    figures: Figures
    period: Period
    back: int
    tracks: Mapping[str, str]
    teams: list[str] | None
    """Names of the teams that are counted; None for all."""

    def heading(self, figure: Figure, row: Row) -> str:
        """What a row is called."""
        if figure.name in ("weeks", "no_shows", "handover_weeks") and row.code.isdecimal():
            return _week(self.period.mondays[int(row.code)])
        return figure_words.ROWS[figure.name].get(row.code) or words.track(self.tracks, row.code)

    def picture(self, figure: Figure) -> Markup:
        """A figure as a picture, which escapes its own texts. A channel that nobody used is left out."""
        used = [name for name in CHANNELS if any(row.cells[name] != 0 for row in figure.rows)] or CHANNELS
        groups = [Group(self.heading(figure, row), [_bar(row, name) for name in used]) for row in figure.rows]
        title, _ = figure_words.FIGURES[figure.name]
        return Markup(count_picture(title, groups, f"billede-{figure.name}"))  # noqa: S704

    def file(self, figure: Figure) -> bytes:
        """A figure as Danish spreadsheets open it: semicolons, decimal commas, and a mark for UTF-8."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        names = [figure_words.COLUMNS[column] for column in _COLUMNS]
        writer.writerow(["", *(head for name in names for head in (name, f"{name}, andel i procent"))])
        for row in figure.rows:
            cells = (
                cell
                for column in _COLUMNS
                for cell in (figure_words.count(row.cells[column]), _share_in_file(row, column))
            )
            writer.writerow([_harmless(self.heading(figure, row)), *cells])
        return text.getvalue().encode("utf-8-sig")


@routes.get("/figures", name="figures")
@needs(Right.SEE_FIGURES)
async def show_figures(request: web.Request) -> web.Response:
    """Every figure of a period."""
    told = await _read(request)
    now = request.config_dict[CLOCK]()
    context = {
        "told": told,
        "columns": _COLUMNS,
        "periods": [_span(period(now, back)) for back in range(PERIODS)],
    }
    return render(request, "figures.html", context)


@routes.get("/figures/file", name="figure_file")
@needs(Right.SEE_FIGURES)
async def download_figure(request: web.Request) -> web.Response:
    """One figure of a period as a file."""
    told = await _read(request)
    for figure in told.figures.tables:
        if figure.name == request.query.get("table"):
            name = f"digispor-{figure.name}-{danish.local(told.period.start):%Y-%m-%d}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return web.Response(
                body=told.file(figure), content_type="text/csv", charset="utf-8", headers=headers
            )
    raise NotFound("There is no such figure")


async def _read(request: web.Request) -> _Told:
    back, now = _back(request), request.config_dict[CLOCK]()
    chosen = period(now, back)
    scope = caseworker_of(request).teams(Right.SEE_FIGURES)
    async with request.config_dict[DATABASE].read() as work:
        figures = await FigureService(FigureRepository(work.session, scope, chosen), now).read()
        tracks = await TrackRepository(work.session).all()
        teams = await TeamRepository(work.session).all()
    counted = None if scope.teams is None else [team.name for team in teams if scope.covers(team.id)]
    return _Told(figures, chosen, back, {track.id: track.name for track in tracks}, counted)


def _back(request: web.Request) -> int:
    asked = request.query.get("back", "0")
    if asked not in {str(back) for back in range(PERIODS)}:
        raise web.HTTPBadRequest
    return int(asked)


def _span(shown: Period) -> str:
    return f"{danish.full_date(shown.start)} til {danish.full_date(shown.last_day)}"


def _week(monday: datetime) -> str:
    here = danish.local(monday)
    return f"Uge {here.isocalendar().week} (fra {here.day}. {danish.MONTHS[here.month - 1]})"


def _bar(row: Row, column: str) -> Bar:
    cell = row.cells[column]
    return Bar(
        figure_words.COLUMNS[column], figure_words.count(cell), None if isinstance(cell, Hidden) else cell
    )


def _share_in_file(row: Row, column: str) -> str:
    share = row.share(column)
    return "" if share is None else figure_words.decimal(share * 100)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
