"""Personal data goes, and the rest of the sentence stays."""

import pytest

from backend.corrections.masking import mask, training_text

NAMES = ["Jens Peter Hansen"]


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("det er Jens", "det er NAVN"),
        ("JENS PETER HANSEN her", "NAVN her"),
        ("det er Hansens tid, ikke Jens' mors", "det er NAVN tid, ikke NAVN mors"),
        ("jeg hedder Ali Özdemir og vil have en tid", "jeg hedder NAVN og vil have en tid"),
        ("jeg hedder åse ærø", "jeg hedder NAVN"),
        ("Mvh Fatima", "Mvh NAVN"),
        ("ring 22 33 44 55 i morgen", "ring NUMMER i morgen"),
        ("+45 22334455", "NUMMER"),
        ("0045-22-33-44-55", "NUMMER"),
        ("mit cpr er 010190-1234", "mit cpr er CPR-NUMMER"),
        ("01 01 90 12 34", "CPR-NUMMER"),
        ("01.01.1990-1234", "CPR-NUMMER"),
        ("født 03.12.1985", "født NUMMER"),
        ("hej [CPR-nummer fjernet]", "hej CPR-NUMMER"),
        ("skriv til j.p@mail.example.dk nu", "skriv til MAILADRESSE nu"),
        ("jeg bor Nørre Allé 12, 2. tv, 2200 København N", "jeg bor ADRESSE"),
        ("solsikkevej 5b er min adresse", "ADRESSE er min adresse"),
        ("Rosenhaven 3, st. th.", "ADRESSE"),
        ("Store Kongensgade nr. 7", "ADRESSE"),
    ],
)
def test_what_points_at_a_person_goes(written, masked):
    assert mask(written, NAMES) == masked


@pytest.mark.parametrize(
    "written",
    [
        "kan jeg komme den 03.12.2026 kl. 10.30",
        "jeg er 45 og har 3 børn",
        "alle 4 spørgsmål er svære",
        "i min have 2 gange om ugen",
        "jeg hedder ikke noget",
        "jensen er et navn, og bo er et verbum",
        "hvad med spor 1",
    ],
)
def test_the_rest_stays(written):
    assert mask(written, NAMES) == written


def test_a_training_text_is_one_line_without_what_rasa_reads_signs_in():
    assert training_text("/hej\n[a](time)\t{b}\u2028\\n \x07") == "hej (a)(time) (b) /n"
