"""The five areas as a picture that can also be read: inline SVG with every value as text."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from backend.assessment.scoring import AreaScore

_WIDTH = 360
_ROW_HEIGHT = 56
_TEXT_BASELINE = 20
_BAR_TOP = 28
_BAR_HEIGHT = 14


def profile_picture(areas: Sequence[AreaScore], element_id: str = "profil") -> str:
    """An inline SVG with one bar for each area, its name and its percent.

    Everything is drawn in the text's own colour, so the picture follows the page, its dark or forced colours
    and print; length and text carry the meaning, colour carries none. An area without answers has a dashed
    frame and says so.

    Args:
        areas: The results, in the order to show them.
        element_id: Prefix of the ids inside, unique on the page.

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
    SubElement(svg, "desc", {"id": f"{element_id}-desc"}).text = _description(areas)
    for row, score in enumerate(areas):
        _draw_row(svg, score, top=row * _ROW_HEIGHT)
    return tostring(svg, encoding="unicode")


def _description(areas: Sequence[AreaScore]) -> str:
    return " ".join(
        f"{score.name}: {'ikke besvaret' if score.percent is None else f'{score.percent} procent'}."
        for score in areas
    )


def _draw_row(svg: Element, score: AreaScore, top: int) -> None:
    text = {"y": str(top + _TEXT_BASELINE), "font-size": "16", "fill": "currentColor"}
    SubElement(svg, "text", {**text, "x": "1"}).text = score.name
    value = "ikke besvaret" if score.percent is None else f"{score.percent} %"
    SubElement(svg, "text", {**text, "x": str(_WIDTH - 1), "text-anchor": "end"}).text = value
    place = {"x": "1", "y": str(top + _BAR_TOP), "height": str(_BAR_HEIGHT)}
    frame = {**place, "width": str(_WIDTH - 2), "fill": "none", "stroke": "currentColor"}
    if score.percent is None:
        SubElement(svg, "rect", {**frame, "stroke-dasharray": "4 4"})
        return
    SubElement(svg, "rect", frame)
    length = f"{(_WIDTH - 2) * score.percent / 100:g}"
    SubElement(svg, "rect", {**place, "width": length, "fill": "currentColor"})
