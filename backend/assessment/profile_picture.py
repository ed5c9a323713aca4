"""The five areas as a picture that can also be read: inline SVG with every value as text."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from backend.assessment.scoring import AreaScore

_Span = tuple[int, int]

_WIDTH = 360
_ROW_HEIGHT = 56
_TEXT_BASELINE = 20
_BAR_TOP = 28
_BAR_HEIGHT = 14
_WHISKER_MIDDLE = 49
_WHISKER_REACH = 3


def profile_picture(
    areas: Sequence[AreaScore], element_id: str = "profil", *, uncertainty: bool = False
) -> str:
    """An inline SVG with one bar for each area, its name and its percent.

    Everything is drawn in the text's own colour, so the picture follows the page, its dark or forced colours
    and print; length and text carry the meaning, colour carries none. An area without answers has a dashed
    frame and says so.

    Args:
        areas: The results, in the order to show them.
        element_id: Prefix of the ids inside, unique on the page.
        uncertainty: Show from where to where each percent may well lie, in words and as a line under its bar.

    Returns:
        Well-formed markup with every text escaped, safe to insert in HTML.
    """
    height = _ROW_HEIGHT * len(areas)
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "width": "100%",
            "role": "img",
            "aria-labelledby": f"{element_id}-title {element_id}-desc",
        },
    )
    SubElement(svg, "title", {"id": f"{element_id}-title"}).text = "Digitale kompetencer i fem områder"
    SubElement(svg, "desc", {"id": f"{element_id}-desc"}).text = " ".join(
        f"{score.name}: {_in_words(score, _span(score) if uncertainty else None)}." for score in areas
    )
    for row, score in enumerate(areas):
        _draw_row(svg, score, _span(score) if uncertainty else None, top=row * _ROW_HEIGHT)
    return tostring(svg, encoding="unicode")


def _span(score: AreaScore) -> _Span | None:
    """From where to where; a result from before uncertainty was estimated has none."""
    return (score.low, score.high) if score.low is not None and score.high is not None else None


def _in_words(score: AreaScore, span: _Span | None) -> str:
    if score.percent is None:
        return "ikke besvaret"
    between = f", sandsynligvis mellem {span[0]} og {span[1]}" if span else ""
    return f"{score.percent} procent{between}"


def _in_figures(score: AreaScore, span: _Span | None) -> str:
    if score.percent is None:
        return "ikke besvaret"
    return f"{score.percent} %" + (f" ({span[0]}-{span[1]})" if span else "")


def _draw_row(svg: Element, score: AreaScore, span: _Span | None, top: int) -> None:
    text = {"y": str(top + _TEXT_BASELINE), "font-size": "16", "fill": "currentColor"}
    SubElement(svg, "text", {**text, "x": "1"}).text = score.name
    value = {**text, "x": str(_WIDTH - 1), "text-anchor": "end"}
    SubElement(svg, "text", value).text = _in_figures(score, span)
    place = {"x": "1", "y": str(top + _BAR_TOP), "height": str(_BAR_HEIGHT)}
    frame = {**place, "width": str(_WIDTH - 2), "fill": "none", "stroke": "currentColor"}
    if score.percent is None:
        SubElement(svg, "rect", {**frame, "stroke-dasharray": "4 4"})
        return
    SubElement(svg, "rect", frame)
    SubElement(svg, "rect", {**place, "width": f"{_length(score.percent):g}", "fill": "currentColor"})
    if span:
        _draw_whisker(svg, span, middle=top + _WHISKER_MIDDLE)


def _draw_whisker(svg: Element, span: _Span, middle: int) -> None:
    """A line with ends under the bar, where it is seen whatever the bar's length."""
    low, high = (1 + _length(percent) for percent in span)
    ends = (f"M{end:g} {middle - _WHISKER_REACH}V{middle + _WHISKER_REACH}" for end in (low, high))
    line = f"M{low:g} {middle}H{high:g}{''.join(ends)}"
    SubElement(svg, "path", {"d": line, "fill": "none", "stroke": "currentColor", "stroke-width": "2"})


def _length(percent: int) -> float:
    return (_WIDTH - 2) * percent / 100
