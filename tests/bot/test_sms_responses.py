"""Everything the assistant can say, as an SMS: short enough, in plain signs, and nothing sensitive."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.channels.sms.gsm import MAX_PARTS, is_gsm, parts
from bot.channels.sms.wording import messages
from bot.municipality import PREFIX, municipality_path, municipality_texts
from tests.bot.test_domain import ROOT

NOTICE = (
    "Vi har flyttet din tid. Den er nu onsdag den 30. september kl. 13.30-14.00 "
    "på Gammel Køge Landevej 43, 2500 Valby, hos Anne-Marie Kristoffersen. "
    f'{"Konsulenten er desværre forhindret. ":å<91}Passer den ikke, så skriv "flyt min tid" eller AFBUD her.'
)
# What may be sent by SMS, each with as long a value as it gets. What is not here may not: a phone lies about,
# and SMS can be read on their way. So never answers, a profile, reasons, a wished job, an objection.
MAY_BE_SENT = {
    "number": "12",
    "left": "13",
    "skill": "holde styr på en fælles opgave i et program, hvor alle kan se, hvem der gør hvad",
    "track": "Spor 2: Virksomhedsrettet pilotforløb",
    "description": "På et forløb hos en virksomhed lærer du den digitale færdighed, som jobbet kræver.",
    "time": "Fredag den 27. november kl. 13.30-14.00 på Gammel Køge Landevej 43, 2500 Valby",
    "old_time": "fredag den 27. november kl. 13.30-14.00 på Gammel Køge Landevej 43, 2500 Valby",
    "deadline": "torsdag den 26. november kl. 13.30",
    "minutes": "10",
    "wish": "Ikke onsdag og helst om formiddagen",
    "name": "Christian Kristoffersen-Mikkelsen",
    "phone": "20 30 40 50",
    "consultant": "Anne-Marie Kristoffersen",
    "changing": "Du kan flytte eller aflyse til og med torsdag den 26. november kl. 13.30. Skriv bare her.",
    "code": "123456",
    "url": f"https://digispor.kommune.example/mine-data/{'0' * 36}.{'x' * 24}",
    "receipt": "DABC-DEFG-HJKM",
    "receipt_url": "https://digispor.kommune.example/kvittering/DABC-DEFG-HJKM",
    "meeting": "Du beholder din tid fredag den 27. november kl. 13.30-14.00 på Gammel Køge Landevej 43, "
    "2500 Valby. Ring, hvis du vil ændre den.",
    "where": "det nummer, der slutter på 19",
    # Longer than two parts, and never part of the main job; they go out as several messages.
    "tracks": "",
    # Of the queue for a person. What the staff are told holds no answers.
    "position": "12",
    "wait": "Det plejer at tage mellem 12 og 45 minutter.",
    "opens": "torsdag den 26. november kl. 9.00",
    "person": "Anne-Marie Kristoffersen",
    # A caseworker's own words, which they know the length of.
    "word": "Husk at tage dit pas med på torsdag.",
    # Written by a caseworker, who sees it first: this is as long as the backend lets it get.
    "notice": NOTICE,
    # What was hidden in a message: its kind, never itself.
    "hidden": "dit CPR-nummer og din adgangskode",
    # About a question, not about an answer.
    "meaning": "Vedhæftet betyder, at du sender et dokument eller et billede sammen med din mail.",
    "example": "Du skal sende et billede af din nye cykel til forsikringen.",
}
SENSITIVE = {"answer", "areas", "line", "strongest", "hardest", "why", "occupation", "reason"}
# Rasa says these with no channel in mind to whoever writes in another language.
NOT_DANISH = {"utter_language"}


def by_sms() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each response as Rasa would choose it for the channel."""
    for name, variations in read_yaml_file(ROOT / "domain.yml")["responses"].items():
        own = [variation for variation in variations if variation.get("channel") == "sms"]
        general = [variation for variation in variations if "channel" not in variation]
        conditions = [str(variation.get("condition")) for variation in own]
        for variation in own + [v for v in general if str(v.get("condition")) not in conditions]:
            yield name, variation


def placeholders(text: str) -> set[str]:
    return {name for name in re.findall(r"{(\w+)}", text) if not name.startswith(PREFIX)}


RESPONSES = list(by_sms())


@pytest.mark.parametrize(("name", "response"), RESPONSES)
def test_a_response_is_one_sms_of_at_most_two_parts(name, response):
    values = {**MAY_BE_SENT, **municipality_texts(municipality_path())}
    text = response["text"].format(**values)
    [message] = messages([{"text": text, "buttons": response.get("buttons")}]) or [""]
    assert parts(message) <= MAX_PARTS, f"{len(message)}: {message}"
    assert is_gsm(message) or name in NOT_DANISH


@pytest.mark.parametrize(
    "said_before", ["utter_answer_not_saved", "utter_answer_noted", "utter_technical_error"]
)
@pytest.mark.parametrize("question", ["utter_question", "utter_last_question", "utter_question_again"])
def test_a_word_about_an_answer_and_the_next_question_are_one_sms(said_before, question):
    values = {**MAY_BE_SENT, **municipality_texts(municipality_path())}
    chosen = dict(reversed(RESPONSES))
    said = [
        {"text": chosen[name]["text"].format(**values), "buttons": chosen[name].get("buttons")}
        for name in (said_before, question)
    ]
    assert len(messages(said)) == 1


@pytest.mark.parametrize(("name", "response"), RESPONSES)
def test_nothing_sensitive_is_sent(name, response):
    assert placeholders(response["text"]) <= set(MAY_BE_SENT)


def test_what_is_sensitive_is_not_on_the_list_of_what_may_be_sent():
    assert not SENSITIVE & set(MAY_BE_SENT)
    everything = read_yaml_file(ROOT / "domain.yml")["responses"].values()
    said_elsewhere = {
        name for variations in everything for v in variations for name in placeholders(v["text"])
    }
    assert said_elsewhere >= SENSITIVE - {"line", "reason"}


def test_what_comes_with_a_message_for_the_widget_is_not_sent():
    profile = {"type": "profile", "areas": [{"name": "Sikkerhed", "percent": 20}], "text": "Sikkerhed: 20 %"}
    assert messages([{"text": "Tak.", "custom": profile}]) == ["Tak."]


@pytest.mark.parametrize(("name", "response"), RESPONSES)
def test_links_lead_to_the_municipality_alone(name, response):
    assert not re.search(r"https?:|www\.|\b[a-zæøå-]+\.(?:dk|com|eu|net|org)\b", response["text"])


@pytest.mark.parametrize(("name", "response"), RESPONSES)
def test_nobody_is_asked_to_press_a_button(name, response):
    assert not re.search(r"\bknap|\btryk|\bklik", response["text"], re.IGNORECASE)
