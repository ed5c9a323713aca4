import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.booking.contact import parse_name, parse_phone, spoken_phone


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Åse Ærø", "Åse Ærø"),
        ("  Anne-Marie   Ågård ", "Anne-Marie Ågård"),
        ("Seán O'Neill", "Seán O'Neill"),
        ("Seán O’Neill", "Seán O’Neill"),
        ("J. P. Jacobsen", "J. P. Jacobsen"),
        ("A\u030ase", "Åse"),
        ("فاطمة الزهراء", "فاطمة الزهراء"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Дмитро", "Дмитро"),
        ("李明", "李明"),
        ("प्रिया", "प्रिया"),
        ("Bo", "Bo"),
        ("x" * 80, "x" * 80),
    ],
)
def test_names_of_the_world_are_names(written, name):
    assert parse_name(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "B",
        "--",
        ". .",
        "x" * 81,
        "Ole2",
        "20123456",
        "<b>Ole</b>",
        "Ole & Ko",
        "Ole;DROP TABLE bookings",
        'Ole"',
        "Ole\x07Bo",
        "Ole\u202eoB",
        "Ole\u200bBo",
        "😀😀",
        "/restart",
        "Ole@kommune.example",
    ],
)
def test_what_is_no_name_is_refused(written):
    with pytest.raises(ValueError, match="name has"):
        parse_name(written)


@given(st.text(max_size=100))
def test_an_accepted_name_is_stable_and_cannot_mean_markup(text):
    try:
        name = parse_name(text)
    except ValueError:
        return
    assert parse_name(name) == name
    assert not set(name) & set('<>&"/\\{}[]()=;:@#%0123456789\n\r\t\x00')


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("20123456", "+4520123456"),
        ("20 12 34 56", "+4520123456"),
        ("20-12-34-56", "+4520123456"),
        ("+45 20 12 34 56", "+4520123456"),
        ("0045 20123456", "+4520123456"),
        (" 20123456 ", "+4520123456"),
        ("+46 70 123 45 67", "+46701234567"),
    ],
)
def test_phone_numbers_are_stored_as_the_world_writes_them(written, e164):
    assert parse_phone(written) == e164


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1",
        "12345678",
        "112",
        "2012345",
        "201234567",
        "abc",
        "+45",
        "+999 20123456",
        "20123456 lok. 12",
        "٢",
    ],
)
def test_what_cannot_be_called_is_refused(written):
    with pytest.raises(ValueError, match="phone number"):
        parse_phone(written)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text):
    try:
        e164 = parse_phone(text)
    except ValueError:
        return
    assert parse_phone(e164) == e164
    assert e164.startswith("+")
    assert e164[1:].isdecimal()


def test_a_number_is_spoken_as_its_country_writes_it():
    assert spoken_phone("+4520123456") == "20 12 34 56"
    assert spoken_phone("+46701234567") == "+46 70 123 45 67"
