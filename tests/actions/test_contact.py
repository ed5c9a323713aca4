import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.contact import (
    NAME_MAX,
    introduced_name,
    is_surely_name,
    read_name,
    read_phone,
    seems_phone,
    spoken_phone,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna Jensen", "Anna Jensen"),
        ("anna jensen", "Anna Jensen"),
        ("jeg hedder Anna Jensen", "Anna Jensen"),
        ("jeg heder ali", "Ali"),
        ("mit navn er Abdullahi Warsame.", "Abdullahi Warsame"),
        ("min navn er samira", "Samira"),
        ("det er Mehmet Yilmaz", "Mehmet Yilmaz"),
        ("jeg er Olena Kovalenko", "Olena Kovalenko"),
        ("kald mig bare Palle", "Palle"),
        ("jeg hedder Anna Jensen og mit nummer er 20 30 40 50", "Anna Jensen"),
        ("Anna Jensen, 20304050", "Anna Jensen"),
        ("Anna Jensen 20304050", "Anna Jensen"),
        ("Anne-Marie O'Neill", "Anne-Marie O'Neill"),
        ("J. P. Jacobsen", "J. P. Jacobsen"),
        ("karen-margrethe æbelø", "Karen-Margrethe Æbelø"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan"),
        ("Олена Коваленко", "Олена Коваленко"),
        ("McDonald", "McDonald"),
        ("Bo", "Bo"),
    ],
)
def test_names_are_read(text, name):
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "12345",
        "😀",
        "x",
        "hvad skal I bruge det til",
        "det er ikke dit problem",
        "jeg er ikke sikker",
        "det er fint",
        "nej",
        "x" * (NAME_MAX + 1),
        "en to tre fire fem seks syv otte",
        "<script>alert</script>",
        "'; DROP TABLE citizens",
    ],
)
def test_what_is_no_name_is_not_read_as_one(text):
    assert read_name(text) is None


@pytest.mark.parametrize("text", ["det er fint", "jeg er klar", "navnet er forkert", "det er Anna"])
def test_only_a_clear_introduction_corrects_a_name(text):
    assert introduced_name(text) is None


@pytest.mark.parametrize(
    ("text", "surely"), [("Jonas Hjælp", False), ("Rosa Lund", True), ("spring over", False), ("Rosa", False)]
)
def test_two_capitals_make_a_name_whatever_else_it_means(text, surely):
    assert is_surely_name(text) is surely


@given(st.text(max_size=200))
def test_a_name_that_is_read_can_be_stored(text):
    name = read_name(text)
    assert name is None or 2 <= len(name) <= NAME_MAX


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("20304050", "+4520304050"),
        ("20 30 40 50", "+4520304050"),
        ("det er 20 30 40 50", "+4520304050"),
        ("mit nummer er 2030 4050.", "+4520304050"),
        ("+45 20 30 40 50", "+4520304050"),
        ("0045 20304050", "+4520304050"),
        ("tlf: 20-30-40-50", "+4520304050"),
        ("+46 70 123 45 67", "+46701234567"),
        ("Anna Jensen, 20304050", "+4520304050"),
    ],
)
def test_phone_numbers_are_read(text, phone):
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    "text", ["", "1234", "2030405", "hej", "kl. 10.30", "den 3. december 2026", "[CPR-nummer fjernet]"]
)
def test_what_is_no_phone_number_is_not_read_as_one(text):
    assert read_phone(text) is None


@pytest.mark.parametrize(("text", "meant"), [("20 30 40 5", True), ("kl. 10", False), ("Anna", False)])
def test_a_mistyped_number_is_seen_as_meant(text, meant):
    assert seems_phone(text) is meant


@given(st.from_regex(r"[2-9][0-9]{7}", fullmatch=True))
def test_a_danish_number_is_the_same_however_it_is_spaced(digits):
    pairs = " ".join(digits[i : i + 2] for i in range(0, 8, 2))
    assert read_phone(digits) == read_phone(pairs)


@pytest.mark.parametrize(
    ("e164", "spoken"),
    [("+4520304050", "20 30 40 50"), ("+46701234567", "+46 70 123 45 67"), ("None", "None")],
)
def test_numbers_are_written_as_they_are_said(e164, spoken):
    assert spoken_phone(e164) == spoken
