"""Counts as a picture that can also be read: inline SVG with every value as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

_WIDTH = 360
_HEAD, _LINE, _GAP = 20, 18, 10
_NAME_WIDTH, _VALUE_WIDTH = 46, 58
_LONGEST = _WIDTH - _NAME_WIDTH - _VALUE_WIDTH
_BAR = 11
_HIDDEN_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A count to draw.

    Attributes:
        name: What it counts, in a short word.
        value: The count as text, or why it is not told.
        count: The count; None when it is not told.
    """

    name: str
    value: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Counts below one heading."""

    heading: str
    bars: Sequence[Bar]


def count_picture(title: str, groups: Sequence[Group], element_id: str) -> str:
    """An inline SVG with a bar for each count, its name and its value.

    Everything is drawn in the text's own colour, so the picture follows the page, its forced colours and
    print; length and text carry the meaning, colour carries none. A count that is not told is a dashed frame
    of one length, whatever it is.

    Args:
        title: What is counted.
        groups: The counts, in the order to show them.
        element_id: Prefix of the ids inside, unique on the page.

    Returns:
        Well-formed markup with every text escaped, safe to insert in HTML.
    """
    height = sum(_HEAD + _LINE * len(group.bars) + _GAP for group in groups)
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
    SubElement(svg, "title", {"id": f"{element_id}-title"}).text = title
    SubElement(svg, "desc", {"id": f"{element_id}-desc"}).text = " ".join(_in_words(one) for one in groups)
    longest = max((bar.count or 0 for group in groups for bar in group.bars), default=0)
    top = 0
    for group in groups:
        _write(svg, group.heading, x=1, y=top + 15)
        top += _HEAD
        for bar in group.bars:
            _draw(svg, bar, longest, top)
            top += _LINE
        top += _GAP
    return tostring(svg, encoding="unicode")


def _in_words(group: Group) -> str:
    return f"{group.heading}: {', '.join(f'{bar.name} {bar.value}' for bar in group.bars)}."


def _draw(svg: Element, bar: Bar, longest: int, top: int) -> None:
    _write(svg, bar.name, x=1, y=top + 12)
    _write(svg, bar.value, x=_WIDTH - 1, y=top + 12, anchor="end")
    place = {"x": str(_NAME_WIDTH), "y": str(top + 2), "height": str(_BAR)}
    if bar.count is None:
        frame = {"fill": "none", "stroke": "currentColor", "stroke-dasharray": "3 3"}
        SubElement(svg, "rect", {**place, **frame, "width": str(_HIDDEN_LENGTH)})
    elif bar.count:
        length = _LONGEST * bar.count / longest
        SubElement(svg, "rect", {**place, "width": f"{length:g}", "fill": "currentColor"})


def _write(svg: Element, words: str, *, x: int, y: int, anchor: str = "start") -> None:
    text = {"x": str(x), "y": str(y), "text-anchor": anchor, "font-size": "14", "fill": "currentColor"}
    SubElement(svg, "text", text).text = words
