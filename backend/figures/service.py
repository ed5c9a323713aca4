"""What is told of the conversations that began in a period."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.figures.disclosure import Cell, Hidden, nested, parts, share, tells_nobody, together
from backend.figures.handovers import ENDS, Asked, handover_tables, median_waits
from backend.figures.period import WEEKS, Period
from backend.figures.repository import CHANNELS, FigureRepository, Journey
from backend.figures.tables import TOGETHER, Table, part, table

STEPS = (
    "opened",
    "wrote",
    "began",
    "answered_1",
    "answered_3",
    "answered_5",
    "answered_7",
    "finished",
    "proposal",
    "booked",
)
"""The way through a conversation. Who has come to a step has come past those before it."""
BOOKINGS = ("booked", "moved", "cancelled", "absence")
ATTENDANCE = ("met", "not_met", "unmarked")
"""Of the meetings that the citizen neither cancelled nor said that they could not come to."""
RATINGS = ("1", "2", "3", "4", "5")
TRACKS = ("foundation", "employer_pilot")
_ANSWERED = {"answered_7": 7, "answered_5": 5, "answered_3": 3, "answered_1": 1}
_STANDING = BOOKINGS[:2]
_WEEKS = [str(week) for week in range(WEEKS)]
_LEFT_AFTER = timedelta(days=7)

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Row:
    """What is told under one heading.

    Attributes:
        code: Of the heading.
        cells: The counts, by channel and together.
        wholes: What they are parts of.
    """

    code: str
    cells: Cells
    wholes: Cells

    def share(self, column: str) -> float | None:
        """The count as a share of its whole, where it can be told."""
        return share(self.cells[column], self.wholes[column])


@dataclass(frozen=True, slots=True)
class Figure:
    """A table of counts."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told of a period.

    Attributes:
        tables: The counts.
        mean_ratings: How content citizens were on average, by channel and together.
        median_waits: How many minutes half of them waited at most for a person, likewise.
    """

    tables: list[Figure]
    mean_ratings: Mapping[str, float | None]
    median_waits: Mapping[str, float | None]


class FigureService:
    """Tells how the service goes."""

    def __init__(self, figures: FigureRepository, now: datetime) -> None:
        self._figures = figures
        self._now = now

    async def read(self) -> Figures:
        """All figures of the conversations that the repository counts."""
        journeys = await self._figures.journeys(self._now - _LEFT_AFTER)
        asked = await self._figures.asked_for_person()
        return tell(journeys, await self._figures.turns(), asked, self._figures.period)


def tell(
    journeys: Sequence[Journey],
    turns: Mapping[str, tuple[int, int]],
    asked: Sequence[Asked],
    period: Period,
) -> Figures:
    """What may be told.

    Args:
        journeys: Which ways conversations went.
        turns: How many turns there were, and how many of them were not understood, by channel.
        asked: Who asked for a person.
        period: When the conversations began.
    """
    told = {channel: _Channel([j for j in journeys if j.channel == channel]) for channel in CHANNELS}
    by_channel = {
        channel: {
            **one.tables(*turns.get(channel, (0, 0))),
            **handover_tables(one.wrote, [a for a in asked if a.channel == channel], period),
        }
        for channel, one in told.items()
    }
    tables = {
        name: _merge(name, [by_channel[channel][name] for channel in CHANNELS]) for name in by_channel["web"]
    }
    answered = tables["handovers"].rows[ENDS.index("answered")].cells
    return Figures(
        list(tables.values()),
        {column: _mean(tables["satisfaction"], column) for column in (*CHANNELS, TOGETHER)},
        median_waits(asked, answered),
    )


class _Channel:
    """One channel, told without regard to the other: the two are added only where both are told."""

    def __init__(self, journeys: Sequence[Journey]) -> None:
        self._journeys = journeys
        furthest = self._sorted(_step)
        reached = [sum(furthest[step] for step in STEPS[place:]) for place in range(len(STEPS))]
        self._steps = dict(zip(STEPS, nested(reached), strict=True))

    @property
    def wrote(self) -> Cell:
        """Those who wrote anything."""
        return self._steps["wrote"]

    def tables(self, said: int, missed: int) -> dict[str, Table]:
        """Every table, by name.

        Args:
            said: How many turns the citizens took.
            missed: How many of them were not understood.
        """
        opened = self._steps["opened"]
        return {
            "weeks": self._weeks(),
            "steps": table(STEPS, list(self._steps.values()), opened),
            "assessments": self._assessments(),
            "placements": self._placements(),
            "agreement": self._agreement(),
            "bookings": self._bookings(),
            "attendance": self._attendance(),
            "no_shows": self._no_shows(),
            "understanding": _turns(opened, said, missed),
            "satisfaction": self._satisfaction(),
        }

    def _weeks(self) -> Table:
        return self._parts(self._steps["opened"], _WEEKS, lambda one: str(one.week))

    def _assessments(self) -> Table:
        """How those who began stand. Who has not finished either goes on or has left."""

        def standing(one: Journey) -> str | None:
            if not _came_to(one, "began") or _came_to(one, "finished"):
                return None
            return "working" if one.working else "left"

        began, finished = self._steps["began"], self._steps["finished"]
        unfinished = self._parts(_difference(began, finished), ("working", "left"), standing)
        return table(("began", "finished", "working", "left"), [began, finished, *unfinished.cells], began)

    def _placements(self) -> Table:
        proposal, finished = self._steps["proposal"], self._steps["finished"]
        tracks = self._of_proposals(TRACKS, lambda one: one.track)
        near = self._of_proposals(("near", "clear"), lambda one: "near" if one.borderline else "clear")
        return Table(
            (*TRACKS, "too_few_answers", "borderline"),
            [*tracks.cells, _difference(finished, proposal), near.cells[0]],
            [finished, finished, finished, proposal],
        )

    def _agreement(self) -> Table:
        table = self._of_proposals(("confirmed", "changed", "proposed"), lambda one: one.status)
        decided = together(table.cells[:2])
        return Table(table.codes, table.cells, [decided, decided, self._steps["proposal"]])

    def _bookings(self) -> Table:
        booked = self._steps["booked"]
        after = self._parts(booked, BOOKINGS, lambda one: one.booking if _came_to(one, "booked") else None)
        # They are part of those who came to no proposal, whose number follows from the steps.
        without_proposal = _difference(self._steps["opened"], self._steps["proposal"])
        others = self._sorted(lambda one: None if _came_to(one, "proposal") else one.booking).total()
        return Table(
            (*BOOKINGS, "unproposed"),
            [*after.cells, part(without_proposal, others)],
            [*after.wholes, without_proposal],
        )

    def _attendance(self) -> Table:
        standing = together(self._bookings().cells[: len(_STANDING)])
        return self._parts(standing, ATTENDANCE, _attendance)

    def _no_shows(self) -> Table:
        """Those who stayed away, by the week in which their conversation began."""
        whole = self._attendance().cells[ATTENDANCE.index("not_met")]
        by_week = self._parts(
            whole, _WEEKS, lambda one: str(one.week) if _attendance(one) == "not_met" else None
        )
        # They are part of their week's conversations, and the rest of these must not follow from the two.
        pairs = zip(self._weeks().cells, by_week.cells, strict=True)
        if all(_tells_no_rest(begun, stayed_away) for begun, stayed_away in pairs):
            return by_week
        return table(_WEEKS, [Hidden.PROTECTING] * len(_WEEKS), whole)

    def _satisfaction(self) -> Table:
        ratings = self._sorted(lambda one: str(one.rating) if one.rating else None)
        rated = part(self._steps["opened"], sum(ratings[code] for code in RATINGS))
        return table(RATINGS, parts(rated, [ratings[code] for code in RATINGS]), rated)

    def _of_proposals(self, codes: Sequence[str], kind: Callable[[Journey], str | None]) -> Table:
        return self._parts(
            self._steps["proposal"], codes, lambda one: kind(one) if _came_to(one, "proposal") else None
        )

    def _parts(self, whole: Cell, codes: Sequence[str], kind: Callable[[Journey], str | None]) -> Table:
        counts = self._sorted(kind)
        return table(codes, parts(whole, [counts[code] for code in codes]), whole)

    def _sorted(self, kind: Callable[[Journey], str | None]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for journey in self._journeys:
            code = kind(journey)
            if code is not None:
                counts[code] += journey.count
        return counts


def _step(journey: Journey) -> str:
    """The furthest step that somebody came to."""
    if journey.track is not None:
        return "proposal" if journey.booking is None else "booked"
    if journey.finished:
        return "finished"
    for step, answers in _ANSWERED.items():
        if journey.answers >= answers:
            return step
    return "began" if journey.began else "wrote" if journey.wrote else "opened"


def _came_to(journey: Journey, step: str) -> bool:
    return STEPS.index(_step(journey)) >= STEPS.index(step)


def _attendance(journey: Journey) -> str | None:
    """Whether somebody came to the meeting that stood."""
    if not _came_to(journey, "booked") or journey.booking not in _STANDING:
        return None
    return "unmarked" if journey.attended is None else "met" if journey.attended else "not_met"


def _tells_no_rest(whole: Cell, part: Cell) -> bool:
    """Whether no small group follows from a count and a part of it."""
    return isinstance(whole, Hidden) or isinstance(part, Hidden) or tells_nobody(whole - part)


def _difference(larger: Cell, smaller: Cell) -> Cell:
    """Those who are in the one and not in the other; both passed the rule together, so this does."""
    if isinstance(larger, Hidden) or isinstance(smaller, Hidden):
        return Hidden.PROTECTING
    return larger - smaller


def _turns(opened: Cell, said: int, missed: int) -> Table:
    # Many turns may still be those of few citizens.
    whole = Hidden.PROTECTING if isinstance(opened, Hidden) else nested([said])[0]
    return table(("understood", "missed"), parts(whole, [said - missed, missed]), whole)


def _merge(name: str, tables: Sequence[Table]) -> Figure:
    """One table with a column for each channel and one for them together."""

    def across(cells: Sequence[Cell]) -> Cells:
        return {**dict(zip(CHANNELS, cells, strict=True)), TOGETHER: together(cells)}

    rows = [
        Row(
            code,
            across([table.cells[place] for table in tables]),
            across([table.wholes[place] for table in tables]),
        )
        for place, code in enumerate(tables[0].codes)
    ]
    return Figure(name, rows)


def _mean(ratings: Figure, column: str) -> float | None:
    """The mean where every count is told; elsewhere it would tell of those that are not."""
    counts = {int(row.code): row.cells[column] for row in ratings.rows}
    told = {rating: count for rating, count in counts.items() if not isinstance(count, Hidden)}
    if len(told) < len(counts) or not sum(told.values()):
        return None
    return sum(rating * count for rating, count in told.items()) / sum(told.values())
