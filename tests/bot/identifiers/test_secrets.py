"""Passwords, PIN codes and user names go when they are told; what people say about them stays."""

import pytest

from identifiers import Kind, is_only_markers, kinds_in, mask

PASSWORD, PIN, USER_ID = Kind.PASSWORD.marker, Kind.PIN.marker, Kind.USER_ID.marker


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("min adgangskode er hunter2", f"min adgangskode er {PASSWORD}"),
        ("kode: 1234", f"kode: {PASSWORD}"),
        ("password=Sommer24!", f"password={PASSWORD}"),
        ("kodeord: hund", f"kodeord: {PASSWORD}"),
        ("min kode er Fido", f"min kode er {PASSWORD}"),
        (
            "min adgangskode er sommerhus, og jeg glemmer den",
            f"min adgangskode er {PASSWORD}, og jeg glemmer den",
        ),
        ("min kode til netbanken er 4321", f"min kode til netbanken er {PASSWORD}"),
        ("koden til min mail er sommer2020", f"koden til min mail er {PASSWORD}"),
        ("jeg bruger Fido1234 som kodeord", f"jeg bruger {PASSWORD} som kodeord"),
        ("my password is hunter2", f"my password is {PASSWORD}"),
        ('adgangskode: "min hund fido"', f'adgangskode: "{PASSWORD}"'),
        ("koden er 482913", f"koden er {PASSWORD}"),
        ("koden er jo bare hunter2", f"koden er jo bare {PASSWORD}"),
        ("pinkode 1234", f"pinkode {PIN}"),
        ("min pinkode er 12 34.", f"min pinkode er {PIN}."),
        ("PIN: 9876", f"PIN: {PIN}"),
        ("1234 er min pinkode", f"{PIN} er min pinkode"),
        ("mit MitID bruger-id er hanne1234", f"mit MitID bruger-id er {USER_ID}"),
        ("MitID: hanne1234", f"MitID: {USER_ID}"),
        ("brugernavn hanne99", f"brugernavn {USER_ID}"),
        ("cvc 123", f"cvc {Kind.CARD.marker}"),
    ],
)
def test_only_the_secret_itself_goes(text, masked):
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "jeg glemmer altid min adgangskode",
        "min adgangskode er glemt",
        "min adgangskode er for svær",
        "min adgangskode til borger.dk er hemmelig",
        "min kode er udløbet",
        "min kode er gammel",
        "koden virker ikke",
        "koden er mindst 8 tegn",
        "adgangskoden er på 12 tegn",
        "kodeord på mindst 12 tegn",
        "pinkode på 4 cifre",
        "fejlkode 1234",
        "landekode 4500",
        "kode 18",
        "MitID er svært",
        "mit mitid er spærret",
        "mitid: jeg har ikke",
        "kode og brugernavn",
        "jeg bruger samme kode til alt",
        "jeg skifter kode 2 gange om året",
        "hvad er min adgangskode",
        "kan du sende koden til hanne@mail.dk",
        "Hvor godt kan du lave en stærk adgangskode?",
        "kode kl.10.30",
        "det med kode var bedre før",
    ],
)
def test_what_is_said_about_secrets_stays(text):
    assert mask(text) == text


def test_a_masked_text_tells_what_was_in_it():
    said = mask("kode: 1234, cpr 010190-1234 og 020290-4321")
    assert kinds_in(said) == [Kind.PASSWORD, Kind.CPR]
    assert kinds_in("kode") == []


@pytest.mark.parametrize(
    ("text", "nothing_else"),
    [(PIN, True), (f"{PIN}, {PASSWORD}!", True), (f"pin {PIN}", False), ("pin", False)],
)
def test_a_message_may_hold_nothing_else(text, nothing_else):
    assert is_only_markers(text) is nothing_else
