"""CPR numbers are masked however they are written; phone numbers, dates and times never are."""

import datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rasa.shared.utils.io import read_yaml_file
from stdnum.dk import cpr as stdnum_cpr

from identifiers import Kind, holds_identifier, mask, mask_continued

CPR = Kind.CPR.marker
TODAY = datetime.date(2026, 11, 25)
ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "⁰¹²³⁴⁵⁶⁷⁸⁹"]

birth_dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2026, 11, 24))
serials = st.integers(0, 9999).map("{:04d}".format)
joints = st.sampled_from(
    ["", " ", "-", " - ", ".", "–", "‑", "\u00a0", "/", "\n", "\u200d", " . ", "\u200b", "_"]
)
words = st.text(
    st.characters(exclude_categories=["Nd", "No", "Cs"], exclude_characters="-‐‑‒–—―−.·/_\ufe0f\u20e3")
)


@given(
    birth_dates, serials, st.lists(joints, min_size=3, max_size=3), st.booleans(), st.sampled_from(SCRIPTS)
)
def test_any_birth_date_with_four_digits_is_masked(date, serial, between, replacement_number, script):
    day = date.day + 60 * replacement_number
    number = f"{day:02d}{between[0]}{date:%m}{between[1]}{date:%y}{between[2]}{serial}"
    number = number.translate(str.maketrans("0123456789", script))
    assume(not is_meeting(date, between, serial))
    assert mask(f"Mit nummer er {number}, tak.", TODAY) == f"Mit nummer er {CPR}, tak."


def is_meeting(date, between, serial):
    """A date to come, a blank, and a time: "12.03.27 1030". Whoever was born on it in 1927 is a hundred."""
    hundred_years_on = date.replace(year=date.year + 100, day=min(date.day, 28))
    is_coming = date.year < 1930 and hundred_years_on >= TODAY.replace(day=1)
    return (
        is_coming and set(between[:2]) <= set("-./") and not between[2].strip() and int(serial[2:]) % 5 == 0
    )


@given(birth_dates, serials)
def test_every_number_that_stdnum_holds_for_a_cpr_number_is_masked(date, serial):
    number = f"{date:%d%m%y}{serial}"
    assume(stdnum_cpr.is_valid(number))
    assert mask(number) == CPR
    assert mask(stdnum_cpr.format(number)) == CPR


@given(
    birth_dates, serials, st.sampled_from(["", " ", "-", "."]), st.sampled_from(["-", " - ", "–", " ", ""])
)
def test_the_year_in_full_does_not_hide_a_cpr_number(date, serial, between, dash):
    number = f"{date:%d}{between}{date:%m}{between}{date:%Y}{dash}{serial}"
    # Run together behind separated dates, the last eight digits are as good as any phone number.
    assume(dash or not between)
    assume(not is_meeting(date, [between, between, dash], serial))
    assert mask(number, TODAY) == CPR


@given(
    birth_dates,
    serials,
    st.sampled_from(
        [
            "{d}.{m}.{y}-",
            "{d}/{m}-{y} ",
            "{d}.{m}.{Y} ",
            "{d}-{m}-{Y}-",
            "{d}. {name} {Y}-",
            "{d} {name} {y} ",
        ]
    ),
)
def test_short_days_and_spelt_months_do_not_hide_a_cpr_number(date, serial, form):
    months = "januar februar marts april maj juni juli august september oktober november december".split()
    written = form.format(d=date.day, m=date.month, y=f"{date:%y}", Y=date.year, name=months[date.month - 1])
    assume(not is_meeting(date, "-- ", serial))
    assert mask(written + serial, TODAY) == CPR


@given(
    birth_dates.map("{:%d%m%y}".format),
    serials,
    st.sampled_from(
        [
            " og så ",
            ", de sidste fire er ",
            " (",
            " : ",
            " bindestreg ",
            "*",
            " + ",
            " og de sidste 4 cifre er ",
        ]
    ),
)
def test_words_between_the_date_and_the_last_four_do_not_hide_a_cpr_number(date, serial, between):
    assume(not TODAY.strftime("%y") <= date[4:] <= "28")
    assert serial not in mask(f"mit nummer: {date}{between}{serial}", TODAY)


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
    assume(mask(f"{before}: , {after}") == f"{before}: , {after}")
    assert mask(text) == text


@given(
    st.lists(st.from_regex(r"[2-9]\d( \d\d){3}", fullmatch=True), min_size=2, max_size=3),
    st.sampled_from([" / ", " ", "\n", ", "]),
)
def test_phone_numbers_beside_each_other_are_not_masked(phones, between):
    assume(len(phones) == 2 or between == ", ")
    text = between.join(phones)
    assert mask(text) == text


meeting_days = st.dates(TODAY, TODAY + datetime.timedelta(days=500))
meeting_times = st.tuples(st.integers(8, 16), st.sampled_from([0, 15, 30, 45]))


@given(
    meeting_days,
    meeting_times,
    st.sampled_from(
        [
            "den {d}/{m} kl. {h}.{min:02d}",
            "{d}.{m}.{y} {h}.{min:02d}",
            "{d:02d}-{m:02d}-{Y} kl {h}:{min:02d}",
            "{d:02d}.{m:02d}.{y} {h:02d}{min:02d}",
            "{d:02d}{m:02d}{y} kl {h:02d}{min:02d}",
            "{d:02d}/{m:02d} {h:02d}.{min:02d}-18.00",
            "{d:02d}.{m:02d}.{y} {h:02d}.{min:02d}-18.00",
            "kl. {h}.{min:02d} den {d}.{m}.{Y}",
        ]
    ),
)
def test_a_wish_for_a_time_is_not_masked(day, time, form):
    hour, minute = time
    text = form.format(d=day.day, m=day.month, y=f"{day:%y}", Y=day.year, h=hour, min=minute)
    assert mask(text, TODAY) == text


def test_no_wish_about_time_that_is_measured_is_masked():
    held_out = read_yaml_file(ROOT / "tests/nlu/held_out_times.yml")["messages"]
    texts = [message["text"] for message in held_out]
    assert len(texts) > 100
    assert [text for text in texts if mask(text, TODAY) != text] == []


def test_nothing_that_the_assistant_learns_from_or_says_is_masked():
    texts = [
        line.removeprefix("- ")
        for file in [*sorted((ROOT / "data/nlu").glob("*.yml")), ROOT / "tests/nlu/held_out.yml"]
        for topic in read_yaml_file(file)["nlu"]
        for line in (topic.get("examples") or "").splitlines()
    ]
    responses = read_yaml_file(ROOT / "domain.yml")["responses"]
    texts += [wording.get("text", "") for wordings in responses.values() for wording in wordings]
    assert len(texts) > 5000
    assert [text for text in texts if mask(text, TODAY) != text] == []


@given(words)
def test_text_without_digits_holds_no_number(text):
    assert CPR not in mask(text) or CPR in text


@given(st.text(st.sampled_from("0123456789 -.\nab")))
def test_masking_leaves_nothing_to_mask(text):
    assert not holds_identifier(mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "kan jeg få en tid den 03.12.26 13.30?",
        "den 3. december 2026 kl. 10",
        "01.12.2026 1030",
        "121226 kl 1000",
        "121226 kl. 10.00-12.00",
        "07/12 10.00-12.00",
        "kl. 10 12345678",
        "12345678 10",
        "010190 20 30 40 50",
        "310290-1234",
        "001290-1234",
        "011390-1234",
        "921290-1234",
        "CVR 12345678",
        "0101901234567",
        "1234567890123456",
        "2200 København N",
        "født 01.01.90, 2200 København",
        "+49 30 12345678",
        "+46 70 123 45 67",
        "1.012.345.678 kr.",
        "1",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask(text, TODAY) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0101901234", CPR),
        ("010190-1234 og 020290-4321", f"{CPR} og {CPR}"),
        ("nr. 5 010190-1234", f"nr. 5 {CPR}"),
        ("cpr:010190-1234.", f"cpr:{CPR}."),
        ("cpr010190-1234nu", f"cpr{CPR}nu"),
        ("0101 90 1234", CPR),
        ("01 01 90 12 34", CPR),
        ("01.01.90 12.34", CPR),
        ("01 01901234", CPR),
        ("0 1 0 1 9 0 1 2 3 4", CPR),
        ("610190-1234", CPR),
        ("290200-1234", CPR),
        ("121226 1000", CPR),
        ("01-01-1990 1030", CPR),
        ("ring 20101234. 010190-1234", f"ring 20101234. {CPR}"),
        ("de sidste fire cifre i mit cpr-nummer er 1234", f"de sidste fire cifre i mit cpr-nummer er {CPR}"),
    ],
)
def test_numbers_are_masked_where_they_stand(text, masked):
    assert mask(text, TODAY) == masked


dates_as_written = st.tuples(
    birth_dates, st.sampled_from(["%d%m%y", "%d.%m.%y", "%d/%m-%Y", "%d %m %y", "%d%m%Y"])
).map(lambda drawn: drawn[0].strftime(drawn[1]))


@given(
    dates_as_written,
    serials,
    st.sampled_from(["{}", "mit cpr er {}", "CPR: {}-", "{} ...", "jeg er født {} og"]),
    st.sampled_from(["{}", "-{}", "og så {}", "de sidste fire er {}", "{}.", " {} "]),
    st.lists(st.sampled_from(["ja", "hov", "vent lidt"]), max_size=2),
)
def test_the_last_four_in_a_message_of_their_own_do_not_join_the_date(date, serial, first, last, between):
    assume(not is_time(serial))
    said = last.format(serial)
    assert mask_continued([first.format(date), *between], said, TODAY) == said.replace(serial, CPR)


def is_time(serial):
    return 7 <= int(serial[:2]) <= 18 and int(serial[2:]) % 5 == 0


@pytest.mark.parametrize(
    ("earlier", "said", "kept"),
    [
        (["0101", "90"], "1234", CPR),
        (["01", "01", "90"], "1234", CPR),
        (["010190", "12"], "34", CPR),
        (["0101"], "901234", CPR),
        (["010190-"], "1234 er resten", f"{CPR} er resten"),
        (["12.12.26"], "1030", "1030"),
        (["121226"], "kl 1000", "kl 1000"),
        (["den 12. december"], "1030", "1030"),
        (["0", "1", "0", "1"], "2", "2"),
        (["0", "1", "0"], "1", "1"),
        (["010190"], "3", "3"),
        (["010190"], "20 30 40 50", "20 30 40 50"),
        (["20 10 40 50"], "10", "10"),
        (["10"], "20304050", "20304050"),
        (["ja"], "1234", "1234"),
        ([], "1234", "1234"),
    ],
)
def test_what_completes_a_number_is_masked_and_an_answer_is_not(earlier, said, kept):
    assert mask_continued(earlier, said, TODAY) == kept
