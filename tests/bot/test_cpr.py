"""CPR numbers are masked however they are written; phone numbers never are."""

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.dk import cpr as stdnum_cpr

from bot.channels.cpr import CPR_MARKER, contains_cpr, mask_cpr

birth_dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2026, 12, 31))
serials = st.integers(0, 9999).map("{:04d}".format)
joints = st.sampled_from(["", " ", "-", " - ", ".", "–", "‑", "\u00a0", "/", "\n", "\u200d", " . "])
words = st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="-‐‑‒–—―−.·/_\ufe0f\u20e3"))


@given(birth_dates, serials, st.lists(joints, min_size=3, max_size=3), st.booleans())
def test_any_birth_date_with_four_digits_is_masked(date, serial, between, replacement_number):
    day = date.day + 60 * replacement_number
    number = f"{day:02d}{between[0]}{date:%m}{between[1]}{date:%y}{between[2]}{serial}"
    # Eight digits in one piece beside a two-digit number are a phone number.
    assume(not (between[0] and not between[1] and not between[2]))
    assert mask_cpr(f"Mit nummer er {number}, tak.") == f"Mit nummer er {CPR_MARKER}, tak."


@given(birth_dates, serials)
def test_every_number_that_stdnum_holds_for_a_cpr_number_is_masked(date, serial):
    number = f"{date:%d%m%y}{serial}"
    assume(stdnum_cpr.is_valid(number))
    assert mask_cpr(number) == CPR_MARKER
    assert mask_cpr(stdnum_cpr.format(number)) == CPR_MARKER


@given(birth_dates, serials, st.sampled_from(["", " ", "-", "."]), st.sampled_from(["-", " - ", "–", ""]))
def test_the_year_in_full_does_not_hide_a_cpr_number(date, serial, between, dash):
    number = f"{date:%d}{between}{date:%m}{between}{date:%Y}{dash}{serial}"
    # Run together behind separated dates, the last eight digits are as good as any phone number.
    assume(dash or not between)
    assert mask_cpr(number) == CPR_MARKER


@given(
    st.from_regex(r"[2-9]\d{7}", fullmatch=True),
    st.sampled_from(["+45", "+45 ", "0045", "0045 ", "(+45) ", "+45-", "tlf. ", "+45.", ""]),
    st.sampled_from([(8,), (2, 2, 2, 2), (4, 4), (2, 3, 3), (3, 2, 3), (2, 6)]),
    st.sampled_from([" ", "-", ".", "\u00a0"]),
    words,
    words,
)
def test_a_phone_number_is_never_masked(digits, prefix, grouping, separator, before, after):
    rest = iter(digits)
    phone = separator.join("".join(next(rest) for _ in range(size)) for size in grouping)
    text = f"{before}: {prefix}{phone}, {after}"
    assert mask_cpr(text) == text


@given(words)
def test_text_without_digits_is_left_alone(text):
    assert mask_cpr(text) == text
    assert not contains_cpr(text)


@given(st.text(st.sampled_from("0123456789 -.\nab")))
def test_masking_leaves_nothing_to_mask(text):
    assert not contains_cpr(mask_cpr(text))


@pytest.mark.parametrize(
    "text",
    [
        "kan jeg få en tid den 03.12.26 13.30?",
        "den 3. december 2026 kl. 10",
        "01.12.2026 1030",
        "kl. 10 12345678",
        "12345678 10",
        "310290-1234",
        "001290-1234",
        "011390-1234",
        "921290-1234",
        "CVR 12345678",
        "0101901234567",
        "1234567890123456",
        "2200 København N",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask_cpr(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0101901234", CPR_MARKER),
        ("010190-1234 og 020290-4321", f"{CPR_MARKER} og {CPR_MARKER}"),
        ("nr. 5 010190-1234", f"nr. 5 {CPR_MARKER}"),
        ("cpr:010190-1234.", f"cpr:{CPR_MARKER}."),
        ("cpr010190-1234nu", f"cpr{CPR_MARKER}nu"),
        ("0101 90 1234", CPR_MARKER),
        ("01 01 90 12 34", CPR_MARKER),
        ("0 1 0 1 9 0 1 2 3 4", CPR_MARKER),
        ("610190-1234", CPR_MARKER),
        ("290200-1234", CPR_MARKER),
        ("٠١٠١٩٠-١٢٣٤", CPR_MARKER),
        ("０１０１９０１２３４", CPR_MARKER),
        ("ring 20101234. 010190-1234", f"ring 20101234. {CPR_MARKER}"),
    ],
)
def test_numbers_are_masked_where_they_stand(text, masked):
    assert mask_cpr(text) == masked
