"""Names and phone numbers in what people write."""

import re
import unicodedata

import phonenumbers

NAME_MIN, NAME_MAX = 2, 80
_NAME_WORDS_MAX = 6
_PHONE_DIGITS_MIN = 5

_SAYS_NAME = r"(?:jeg|a|æ) he[d]{1,2}er|(?:mit|min|mi) navn er|navnet er|navn\s*:|my name is"
_INTRODUCED = re.compile(rf"\b(?:{_SAYS_NAME})\s+(?P<name>.+)", re.IGNORECASE | re.DOTALL)
# These begin many other sentences too, so they count only where a name was asked for.
_ANSWERED = re.compile(
    rf"\b(?:{_SAYS_NAME}|det er|jeg er|(?:du kan )?kalde? mig(?: bare)?|i am)\s+(?P<name>.+)",
    re.IGNORECASE | re.DOTALL,
)
# Where a name ends when more is said in the same breath.
_NAME_ENDS = re.compile(
    r"[,;:!?()\d\n+]|(?<=\w\w)\.(?:\s|$)|\s(?:og|men|tlf|telefon\w*|mobil\w*|nummer\w*|mit|der|som|på)\b",
    re.IGNORECASE,
)
_NAME_MARKS = frozenset(" -'’ʼ‐‑.")
# Words that no Danish sentence does without and no name is made of.
_NOT_IN_NAMES = frozenset(
    "jeg du vi det den de en et er har kan vil skal må ved ikke hvad hvorfor hvem hvor hvordan hvornår og "
    "eller men til fra med uden om for at som ja nej tak hej hjælp stop pause tid tiden nummer navn igen "
    "bare lige nu mig dig min mit dit din i på af fint forkert rigtigt korrekt the not what is you".split()
)


def read_name(text: str) -> str | None:
    """Gives the name in a message ("jeg hedder Anna Jensen, 20 30 40 50"), or None.

    A name written in small letters gets its capitals.
    """
    match = _ANSWERED.search(text)
    return _tidy(match.group("name") if match else text)


def introduced_name(text: str) -> str | None:
    """Gives the name that a message says is one ("mit navn er ..."), or None."""
    match = _INTRODUCED.search(text)
    return _tidy(match.group("name")) if match else None


def is_surely_name(text: str) -> bool:
    """Tells whether a message reads as a name whatever else it could mean: words with capitals only."""
    name = _tidy(text)
    words = name.split() if name else []
    return len(words) > 1 and text.strip() == name and all(word[0].isupper() for word in words)


def _tidy(text: str) -> str | None:
    said = _NAME_ENDS.split(unicodedata.normalize("NFC", text).strip(), maxsplit=1)[0]
    words = said.strip(" .-").split()
    name = " ".join(words)
    if not NAME_MIN <= len(name) <= NAME_MAX or len(words) > _NAME_WORDS_MAX:
        return None
    if any(word.casefold() in _NOT_IN_NAMES for word in words):
        return None
    if not all(_is_letter(character) or character in _NAME_MARKS for character in name):
        return None
    if not any(_is_letter(character) for character in name):
        return None
    return name if name != name.lower() else _capitalised(name)


def _is_letter(character: str) -> bool:
    # Letters and the marks that belong to them, in any script.
    return unicodedata.category(character)[0] in "LM"


def _capitalised(name: str) -> str:
    return re.sub(r"(^|[ \-])(\w)", lambda match: match.group(1) + match.group(2).upper(), name)


def read_phone(text: str) -> str | None:
    """Gives the first valid phone number in a message, in E.164, or None; Danish when no country is given."""
    for match in phonenumbers.PhoneNumberMatcher(text, "DK"):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def seems_phone(text: str) -> bool:
    """Tells whether a message was meant to give a phone number, valid or not."""
    return sum(character.isdigit() for character in text) >= _PHONE_DIGITS_MIN


def spoken_phone(e164: str) -> str:
    """Gives a phone number as it is read aloud in Denmark: "20 30 40 50", or "+46 70 123 45 67"."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    danish = phonenumbers.region_code_for_number(number) == "DK"
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if danish else style.INTERNATIONAL)
