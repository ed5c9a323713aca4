"""Finding numbers of payment cards and bank accounts."""

import re
from collections.abc import Iterator

from identifiers.digits import BETWEEN, DASHES, Groups, clusters, joined, sizes
from identifiers.phones import length_of_two_phones

Span = tuple[int, int]

_CARD_LENGTHS = range(13, 20)
_SAYS_CARD = re.compile(r"kort|card|visa|amex", re.IGNORECASE)
_SAYS_CODE = re.compile(
    r"\b(?:cvc2?|cvv2?|kontrolcifre\w*|sikkerhedskode\w*)\W{0,3}(?:er\W{1,2})?(?P<code>\d{3,4})(?!\d)",
    re.IGNORECASE,
)

# ISO 13616: the length of an IBAN in each country that has them.
_IBAN_LENGTHS = {
    length: frozenset(countries.split())
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD FK", 19: "MK SI",
        20: "AT BA EE KZ LT LU XK MN", 21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST",
        26: "IS TR", 27: "BI DJ FR GR IT MC SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "LC MT SC", 33: "RU",
    }.items()
}  # fmt: skip
_LENGTH_IN = {country: length for length, countries in _IBAN_LENGTHS.items() for country in countries}
_IBAN_START = re.compile(rf"(?=(?P<country>[A-Za-z]{{2}})(?:{BETWEEN})?\d(?:{BETWEEN})?\d)")
_IBAN_SIGN = re.compile(rf"(?:{BETWEEN})?([0-9A-Za-z])")
_LEAST_IBAN_DIGITS = 10

# "Kontoret" and "kontorassistent" are no accounts.
_ACCOUNT = r"(?:(?:bank|løn|nem|budget|opsparings)?konto(?!r)(?:en|nummer|nummeret|nr)?|account(?: number)?)"
_BRANCH = r"reg(?:istrerings)?(?:[.\s-]{0,2}(?:nr|nummer|no))?(?![a-zæøå])"
_SAYS_ACCOUNT = re.compile(rf"\b(?:{_ACCOUNT}|{_BRANCH}|bank(?:en)?\b)", re.IGNORECASE)
_LINK = rf"[\s.,:;=()/+{DASHES}]|\b(?:er|og|på|i|nr|mit|min|nummer)\b"
_NUMBER = rf"\d(?:[\s./{DASHES}]?\d)"
_AFTER_WORD = re.compile(rf"\b{_ACCOUNT}(?:{_LINK}){{1,8}}(?P<number>{_NUMBER}{{5,13}})(?!\d)", re.IGNORECASE)
_BRANCH_AND_ACCOUNT = re.compile(
    rf"\b{_BRANCH}(?:{_LINK}){{0,8}}(?P<number>\d{{4}}(?:{_LINK}|\b{_ACCOUNT}){{1,10}}{_NUMBER}{{5,9}})(?!\d)",
    re.IGNORECASE,
)
_NEAR = 40
_ACCOUNT_DIGITS = range(10, 15)


def card_spans(text: str) -> Iterator[Span]:
    """Where card numbers (13 to 19 digits that pass Luhn's check) and their control digits stand."""
    for groups in clusters(text):
        says_card = _near(text, groups, _SAYS_CARD)
        first = 0
        while first < len(groups):
            others = length_of_two_phones(groups[first:])
            length = 0 if others else _length_of_card(groups[first:], says_card)
            if length:
                yield groups[first].start(), groups[first + length - 1].end()
            first += others or length or 1
    yield from (found.span("code") for found in _SAYS_CODE.finditer(text))


def _length_of_card(groups: Groups, says_card: bool) -> int:
    # The longest: digits too many are better hidden than one too few.
    lengths = range(min(len(groups), 19), 0, -1)
    return next((n for n in lengths if _is_card(groups[:n]) and (says_card or _has_shape(groups[:n]))), 0)


def _has_shape(groups: Groups) -> bool:
    """Tells whether digits are grouped as on a card; a phone number and a date pass Luhn's check, too."""
    found = sizes(groups)
    return len(found) == 1 or set(found[:-1]) == {4} or found[:2] == [4, 6]


def _is_card(groups: Groups) -> bool:
    digits = joined(groups)
    return len(digits) in _CARD_LENGTHS and digits[0] != "0" and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[::-2]) + sum(doubled)) % 10 == 0


def iban_spans(text: str) -> Iterator[Span]:
    """Where IBANs stand: a country, the length that is its own, and check digits that fit (mod 97)."""
    for start in _IBAN_START.finditer(text):
        length = _LENGTH_IN.get(start["country"].upper())
        end = _end_of_iban(text, start.start(), length) if length else None
        if end:
            yield start.start(), end


def _end_of_iban(text: str, start: int, length: int) -> int | None:
    signs, place = "", start
    while len(signs) < length:
        sign = _IBAN_SIGN.match(text, place)
        if sign is None or not sign[1].isascii():
            return None
        signs, place = signs + sign[1].upper(), sign.end()
    digits = sum(sign.isdigit() for sign in signs)
    number = "".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])
    return place if digits >= _LEAST_IBAN_DIGITS and int(number) % 97 == 1 else None


def account_spans(text: str) -> Iterator[Span]:
    """Where Danish account numbers stand: four digits and six to ten, near a word that says so."""
    for pattern in (_BRANCH_AND_ACCOUNT, _AFTER_WORD):
        yield from (found.span("number") for found in pattern.finditer(text))
    for groups in clusters(text):
        digits = joined(groups)
        whole = len(groups[0].group()) == 4 or len(groups) == 1
        if whole and len(digits) in _ACCOUNT_DIGITS and _near(text, groups, _SAYS_ACCOUNT):
            yield groups[0].start(), groups[-1].end()


def _near(text: str, groups: Groups, words: re.Pattern[str]) -> bool:
    start, end = groups[0].start(), groups[-1].end()
    around = f"{text[max(0, start - _NEAR) : start]} {text[end : end + _NEAR]}"
    return words.search(around) is not None
