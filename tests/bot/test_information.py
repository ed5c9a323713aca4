"""What citizens are told about the assistant and their data holds what the law wants told."""

import pytest

from tests.bot.test_domain import written

# What must be told, and a piece of text by which it is seen that it is.
FIRST_MESSAGE = {
    "that it is a machine": "robot fra {municipality_name}",
    "what for": "hvad du kan digitalt",
    "what is stored": "Det, du skriver",
    "for how long": "{municipality_retention}",
    "who sees it": "din konsulent kan se det",
    "who decides": "menneske",
    "how to reach a person": "{municipality_phone}",
}
ABOUT_DATA = {
    "what is stored": "Vi gemmer det, du skriver",
    "by which right": "loven",
    "who sees it": "hjælper dig",
    "that notes are written": "noter",
    "for how long": "{municipality_retention}",
    "that some is kept longer": "{municipality_case_retention}",
    "who decides": "menneske",
    "where there is more": "{municipality_privacy_url}",
}
A_MACHINE = {
    "that it is a machine": "robot",
    "whose": "{municipality_name}",
    "what for": "hvad du kan digitalt",
    "who decides": "Det er et menneske, der beslutter",
    "how to reach a person": "tale med et menneske",
}
TOLD = {"utter_welcome": FIRST_MESSAGE, "utter_privacy": ABOUT_DATA, "utter_bot_challenge": A_MACHINE}


@pytest.mark.parametrize("response", TOLD)
def test_every_wording_of_it_tells_all_that_must_be_told(response):
    for wording in written()["responses"][response]:
        missing = {what for what, piece in TOLD[response].items() if piece not in wording["text"]}
        assert missing == set(), wording["text"]


def test_what_is_told_about_data_leads_to_a_copy_and_to_erasure():
    for wording in written()["responses"]["utter_privacy"]:
        assert {button["payload"] for button in wording["buttons"]} == {"/export_data", "/delete_data"}


def test_nobody_is_told_that_they_have_agreed():
    for name, wordings in written()["responses"].items():
        for wording in wordings:
            assert "samtykke" not in wording["text"].lower(), name
