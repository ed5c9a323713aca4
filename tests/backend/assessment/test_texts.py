"""What a citizen reads about an item: plain, explained, fair, and short enough for an SMS."""

import re
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest
import yaml

from backend.assessment.item_bank import Item, load_item_bank
from tests.backend.readability import lix, page_text

ROOT = Path(__file__).parents[3]
BANK = load_item_bank()
ITEMS = pytest.mark.parametrize("item", BANK.items, ids=lambda item: item.id)

# Basic characters of GSM 03.38; anything else would halve what fits in an SMS.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_SEGMENT = 160
TWO_SEGMENTS = 2 * 153
# The share of questions that one SMS holds; a question in two costs twice as much.
IN_ONE = 0.9

# Words that may be new, each with the glossary's word for it; None: not to be used at all.
JARGON: dict[str, str | None] = {
    r"apps?|appen|appens": "app",
    r"links?|linket": "link",
    r"tablets?|tabletten": "tablet",
    r"ai-værktøj\w*|ai|chatgpt": "AI-værktøj",
    r"excel": "Excel",
    r"regneark\w*": "regneark",
    r"teams": "Teams",
    r"zoom": "Zoom",
    r"facebook": "Facebook",
    r"phishing": "phishing",
    r"profil\w*": "profil",
    r"mitid": "MitID",
    r"mobilepay": "MobilePay",
    r"netbank\w*": "netbank",
    r"jobnet": "Jobnet",
    r"joblog\w*": "joblog",
    r"e-boks": "e-Boks",
    r"borger\.dk": "borger.dk",
    r"rejseplanen": "Rejseplanen",
    r"haccp": "HACCP",
    r"cv": "CV",
    r"online|offline|download\w*|upload\w*|stream\w*|cloud|browser\w*|router\w*|wi-?fi|login": None,
    r"password\w*|backup\w*": None,
    r"updat\w*|cookies?|feeds?|scroll\w*|swip\w*|screenshots?|smartphones?|chat|chatbot\w*": None,
    r"prompt\w*|cyber\w*|spam|hack\w*|software|hardware|device\w*|account\w*|tools?|e-mails?|user\w*": None,
}

WOMEN = set(
    "Leyla Lone Dorte Karen Amina Yasmin Mona Birgit Mette Sara Nadia Fatima Anne Maryam Ingrid Zainab Gitte "
    "Elena Sofie Hanne Aisha Jytte Kirsten Maria Lene".split()
)
MEN = set(
    "Hassan Jens Omar Ivan Abdi Jonas Peter Lars Thomas Ahmed Ole Erik Karim Niels Tomasz Mustafa Bo Samir "
    "Ibrahim Henrik Daniel Bilal Kaj Yusuf Adam".split()
)
TRADES = {
    "køkken": r"\b(køkken|kok|kantine)\b",
    "rengøring": r"\bg(ør|jort) rent\b",
    "lager": r"\blager\b",
    "butik": r"\bbutik\b",
    "SOSU": r"\b(SOSU-\w+|plejehjem|ældre)\b",
    "kontor": r"\bkontor\b",
    "transport": r"\b(chauffør|taxa)\b",
    "byggeri": r"\b(byggeplads|byggefirma)\b",
    "børnehave": r"\bbørnehave\b",
}


def texts(item: Item) -> list[str]:
    return [item.text, item.short, item.easier_text, item.everyday_example, item.job_example]


def as_sms(item: Item) -> str:
    """The question with its answers, as bot/channels/sms/wording.py writes it, with the longest numbers."""
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    [response] = [variant for variant in responses["utter_question"] if variant.get("channel") == "sms"]
    question = response["text"].format(number=5, left=10, skill=item.text)
    answers = [f"{digit} {button['title']}" for digit, button in enumerate(response["buttons"])]
    return "\n".join([question, *answers, "Svar 0-3"])


def trades(item: Item) -> list[str]:
    return [trade for trade, pattern in TRADES.items() if re.search(pattern, item.job_example)]


@ITEMS
def test_an_item_reads_easily(item: Item) -> None:
    assert lix(page_text(item)) < 35


def test_items_read_very_easily_on_average() -> None:
    assert mean(lix(page_text(item)) for item in BANK.items) < 30


def test_the_glossary_reads_easily() -> None:
    assert lix(" ".join(BANK.glossary.values())) < 30


@ITEMS
def test_a_question_completes_its_sentence(item: Item) -> None:
    for text in (item.text, item.easier_text):
        assert text[0].islower(), text
        assert text[-1].isalnum(), text
        assert len(text) <= 110, text


@ITEMS
def test_examples_are_whole_sentences(item: Item) -> None:
    for text in (item.everyday_example, item.job_example):
        assert text[0].isupper(), text
        assert text.endswith("."), text
    assert re.search(r"\b([Dd]u|[Dd]ig|[Dd]in|[Dd]it|[Dd]ine|I)\b", item.everyday_example)


@ITEMS
def test_a_short_name_fits_into_a_list(item: Item) -> None:
    assert len(item.short) <= 32
    assert not re.search(r",|\.(\s|$)|\bog\b|\beller\b", item.short)


@ITEMS
def test_a_question_with_its_answers_fits_in_two_plain_sms(item: Item) -> None:
    sms = as_sms(item)
    assert set(sms) <= GSM
    assert len(sms) <= TWO_SEGMENTS


def test_most_questions_fit_in_one_sms() -> None:
    short = [item for item in BANK.items if len(as_sms(item)) <= ONE_SEGMENT]
    assert len(short) >= IN_ONE * len(BANK.items)


def test_the_areas_short_names_keep_to_plain_sms_characters() -> None:
    assert set("".join(area.short for area in BANK.areas.values())) <= GSM


@ITEMS
def test_every_text_keeps_to_plain_sms_characters(item: Item) -> None:
    assert set("".join([*texts(item), *item.terms.values()])) <= GSM


@ITEMS
def test_jargon_is_explained_or_absent(item: Item) -> None:
    said = " ".join(texts(item)).lower()
    for pattern, term in JARGON.items():
        if found := re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", said):
            assert term in item.terms, found.group()


@ITEMS
def test_a_term_is_a_word_of_the_item(item: Item) -> None:
    said = " ".join(texts(item)).lower()
    assert [word for word in item.terms if word.lower() not in said and word != "AI-værktøj"] == []


@ITEMS
def test_a_job_example_is_about_one_named_person_with_a_fitting_pronoun(item: Item) -> None:
    first_word = item.job_example.split()[0]
    said = set(re.findall(r"\w+", item.job_example))
    assert first_word in WOMEN | MEN
    assert len(said & (WOMEN | MEN)) == 1
    if first_word in WOMEN:
        assert said & {"Hun", "hun", "Hendes", "hende"}
        assert not said & {"Han", "han", "Hans", "ham"}
    else:
        assert said & {"Han", "han", "Hans", "ham"}
        assert not said & {"Hun", "hun", "Hendes", "hende"}


def test_job_examples_show_as_many_women_as_men() -> None:
    people = [item.job_example.split()[0] for item in BANK.items]
    assert len(set(people)) == len(people), "every example has its own person"
    women = sum(person in WOMEN for person in people)
    assert abs(2 * women - len(people)) <= 2


def test_job_examples_come_evenly_from_nine_trades_each_with_both_genders() -> None:
    people: dict[str, Counter[str]] = {trade: Counter() for trade in TRADES}
    for item in BANK.items:
        assert len(trades(item)) == 1, f"{item.id}: {trades(item)}"
        gender = "woman" if item.job_example.split()[0] in WOMEN else "man"
        people[trades(item)[0]][gender] += 1
    for trade, genders in people.items():
        assert genders.total() >= 4, trade
        assert min(genders["woman"], genders["man"]) >= 1, trade
