"""Names and phone numbers as people write them."""

import unicodedata

import phonenumbers

NAME_MIN, NAME_MAX = 2, 80
# What names are spelled with besides letters: O'Neill, Anne-Marie, J. P. Jacobsen, and the invisible joiners
# of Persian and Indian scripts.
_NAME_MARKS = frozenset(" -'’ʼ‐‑.\u200c\u200d")


def parse_name(text: str) -> str:
    """A person's name, tidied: composed letters, single spaces, none at the ends.

    Raises:
        ValueError: It is too short or too long, or holds something that no name is spelled with.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not NAME_MIN <= len(name) <= NAME_MAX:
        raise ValueError(f"a name has {NAME_MIN} to {NAME_MAX} characters")
    if not any(_is_letter(character) for character in name):
        raise ValueError("a name has letters")
    if not all(_is_letter(character) or character in _NAME_MARKS for character in name):
        raise ValueError("a name has only letters, spaces, hyphens, apostrophes and full stops")
    return name


def _is_letter(character: str) -> bool:
    # Letters and the marks that belong to them, in any script.
    return unicodedata.category(character)[0] in "LM"


def parse_phone(text: str) -> str:
    """A phone number in E.164; one without country code is Danish.

    Raises:
        ValueError: No such number can be called.
    """
    try:
        number = phonenumbers.parse(text, "DK")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueError("not a phone number that exists")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_phone(e164: str) -> str:
    """A phone number as it is read aloud in Denmark: "20 12 34 56", or "+46 70 123 45 67".

    One that the citizen has had erased is "".
    """
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    danish = phonenumbers.region_code_for_number(number) == "DK"
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if danish else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
