"""Numbers of cards and accounts are masked however they are grouped; other numbers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn

from identifiers import Kind, holds_identifier, mask

CARD, ACCOUNT, IBAN = Kind.CARD.marker, Kind.ACCOUNT.marker, Kind.IBAN.marker


@st.composite
def cards(draw):
    body = draw(st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True))
    return body + luhn.calc_check_digit(body)


def in_fours(digits, between):
    return between.join(digits[place : place + 4] for place in range(0, len(digits), 4))


@given(cards(), st.sampled_from(["", " ", "-", ".", "\u00a0", "\u200b", " - "]))
def test_a_card_number_is_masked(number, between):
    assert mask(f"mit kort: {in_fours(number, between)}.") == f"mit kort: {CARD}."


@given(cards(), st.lists(st.booleans(), min_size=19, max_size=19))
def test_where_a_card_is_spoken_of_any_grouping_is_masked(number, breaks):
    written = "".join(digit + " " * gap for digit, gap in zip(number, breaks, strict=False))
    left = mask(f"mit visakort er {written.strip()} ok")
    assert number not in left.replace(" ", "")


@given(st.from_regex(r"[0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_a_danish_iban_is_masked(account, between):
    number = f"DK{iban.calc_check_digits('DK00' + account)}{account}"
    assert iban.is_valid(number)
    for written in (in_fours(number, between), number.lower()):
        assert IBAN in mask(f"iban {written}, tak")


@pytest.mark.parametrize(
    "number",
    ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NO93 8601 1117 947", "FO6264600001631634"],
)
def test_a_foreign_iban_is_masked(number):
    assert mask(number) == IBAN


@given(st.from_regex(r"[0-9]{4}", fullmatch=True), st.from_regex(r"[0-9]{6,10}", fullmatch=True))
def test_an_account_number_is_masked_where_a_word_says_so(branch, account):
    for text in (
        f"reg {branch} konto {account}",
        f"Reg.nr. {branch}, kontonr. {account}",
        f"min konto er {branch} {account}",
        f"{branch}-{account} er min nemkonto",
        f"kontonummer: {branch}{account}",
        f"mit kontonummer er {account}",
    ):
        assert account not in mask(text), text


@pytest.mark.parametrize(
    "text",
    [
        "jeg har ingen konto, ring på 20304050",
        "min konto på facebook",
        "kontoret har nummer 20 30 40 50",
        "jeg har 2 konti",
        "kontanthjælp 12.500 kr.",
        "de 10 første tider i uge 50",
        "4111111111111112",
        "20 10 40 50 / 30 11 22 33",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask(text) == text


@given(st.text(st.sampled_from("0123456789 -DKkontoreg.")))
def test_masking_leaves_nothing_to_mask(text):
    assert not holds_identifier(mask(text))


def test_several_kinds_in_a_message_go_each_by_its_name():
    said = "cpr 010190-1234, kort 4111 1111 1111 1111 og konto 1234 5678901"
    assert mask(said) == f"cpr {Kind.CPR.marker}, kort {CARD} og konto {ACCOUNT}"
