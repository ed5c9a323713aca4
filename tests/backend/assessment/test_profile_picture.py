"""The profile as a picture: well-formed, readable without seeing it, escaped."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.profile_picture import profile_picture
from backend.assessment.scoring import AreaScore, band_of

SVG = "{http://www.w3.org/2000/svg}"
PERCENTS = st.one_of(st.none(), st.integers(0, 100))
# Characters that XML can carry at all; control characters never reach a name.
NAMES = st.text(
    st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="\ufffe\uffff"), min_size=1
)


def score(area: int, name: str, percent: int | None) -> AreaScore:
    return AreaScore(area, name, percent, None if percent is None else band_of(percent))


def parsed(areas: list[AreaScore]) -> ElementTree.Element:
    return ElementTree.fromstring(profile_picture(areas, "p1"))


PROFILE = [
    score(1, "Information og data", 66),
    score(2, "Kommunikation og samarbejde", 100),
    score(3, "Digitalt indhold", 0),
    score(4, "Sikkerhed og trivsel", None),
    score(5, "Problemløsning", 33),
]


def test_a_screen_reader_hears_a_named_image_with_every_value() -> None:
    svg = parsed(PROFILE)
    assert svg.get("role") == "img"
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}" == "p1-title p1-desc"
    assert desc.text == (
        "Information og data: 66 procent. Kommunikation og samarbejde: 100 procent. "
        "Digitalt indhold: 0 procent. Sikkerhed og trivsel: ikke besvaret. Problemløsning: 33 procent."
    )


def test_every_name_and_value_stands_as_text_beside_its_bar() -> None:
    texts = [text.text for text in parsed(PROFILE).iter(f"{SVG}text")]
    assert texts == [
        "Information og data",
        "66 %",
        "Kommunikation og samarbejde",
        "100 %",
        "Digitalt indhold",
        "0 %",
        "Sikkerhed og trivsel",
        "ikke besvaret",
        "Problemløsning",
        "33 %",
    ]


def test_bars_are_as_long_as_their_percent() -> None:
    bars = [bar for bar in parsed(PROFILE).iter(f"{SVG}rect") if bar.get("fill") == "currentColor"]
    frames = [bar for bar in parsed(PROFILE).iter(f"{SVG}rect") if bar.get("fill") == "none"]
    full = float(frames[0].attrib["width"])
    assert [float(bar.attrib["width"]) / full * 100 for bar in bars] == [66, 100, 0, 33]
    assert len(frames) == 5


def test_an_area_without_answers_looks_different_from_zero_without_colour() -> None:
    dashed = [bar for bar in parsed(PROFILE).iter(f"{SVG}rect") if bar.get("stroke-dasharray")]
    assert len(dashed) == 1


@given(st.lists(st.tuples(NAMES, PERCENTS), min_size=1, max_size=5))
def test_any_profile_is_well_formed_and_uses_only_the_colour_of_the_text(
    rows: list[tuple[str, int | None]],
) -> None:
    svg = parsed([score(number, name, percent) for number, (name, percent) in enumerate(rows, start=1)])
    assert len(list(svg.iter(f"{SVG}text"))) == 2 * len(rows)
    colours = {element.get(part) for element in svg.iter() for part in ("fill", "stroke")}
    assert colours <= {None, "none", "currentColor"}
    assert {element.tag for element in svg.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "text", "rect")
    }


UNCERTAIN = [
    AreaScore(1, "Information og data", 62, band_of(62), low=48, high=75),
    AreaScore(2, "Kommunikation og samarbejde", None, None),
    AreaScore(3, "Digitalt indhold", 30, band_of(30)),
]


def test_uncertainty_stands_in_words_in_figures_and_under_the_bar() -> None:
    svg = ElementTree.fromstring(profile_picture(UNCERTAIN, "p1", uncertainty=True))
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts[1::2] == ["62 % (48-75)", "ikke besvaret", "30 %"]
    desc = svg.find(f"{SVG}desc")
    assert desc is not None
    assert desc.text == (
        "Information og data: 62 procent, sandsynligvis mellem 48 og 75. "
        "Kommunikation og samarbejde: ikke besvaret. Digitalt indhold: 30 procent."
    )
    [whisker] = svg.iter(f"{SVG}path")
    low, high = 1 + 358 * 0.48, 1 + 358 * 0.75
    assert whisker.attrib["d"].startswith(f"M{low:g} 49H{high:g}")
    assert whisker.attrib["stroke"] == "currentColor"


def test_uncertainty_is_not_shown_unasked() -> None:
    svg = ElementTree.fromstring(profile_picture(UNCERTAIN))
    assert [text.text for text in svg.iter(f"{SVG}text")][1] == "62 %"
    assert list(svg.iter(f"{SVG}path")) == []


def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    picture = profile_picture([score(1, '<script>alert("x")</script> & "mere"', 50)])
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture
    text = next(ElementTree.fromstring(picture).iter(f"{SVG}text"))
    assert text.text == '<script>alert("x")</script> & "mere"'
