"""The item bank: what can be asked, in plain Danish, and where it belongs in DigComp 3.0."""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_BANK_FILE = Path(__file__).with_name("items.yaml")

# The four proficiency levels of DigComp 3.0 (JRC144121), easiest first.
Level = Literal["basic", "intermediate", "advanced", "highly advanced"]
LEVELS: tuple[Level, ...] = ("basic", "intermediate", "advanced", "highly advanced")

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Item(BaseModel):
    """One can-do statement.

    Attributes:
        id: Competence and a letter, such as "1.1-a". An item reworded so that its answers can no longer be
            compared gets a new letter; a letter is never used again.
        competence: Number of the DigComp competence, such as "1.1".
        level: The proficiency level that the statement expresses.
        text: Completes "Hvor godt kan du ...", without a question mark.
        short: A noun phrase for the same thing, to be named among others in a reason.
        easier_text: The same question in simpler words; completes the same sentence.
        everyday_example: A sentence from everyday life, said to the citizen.
        job_example: A sentence from working life, about somebody else.
        terms: Words of the texts that may be new, each with its plain explanation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[1-5]\.[1-6]-[a-z]$")]
    competence: Annotated[str, Field(pattern=r"^[1-5]\.[1-6]$")]
    level: Level
    text: _Text
    short: _Text
    easier_text: _Text
    everyday_example: _Text
    job_example: _Text
    terms: Mapping[str, str]

    @property
    def area(self) -> int:
        """Number of the competence area, 1 to 5."""
        return int(self.competence[0])

    @property
    def difficulty_rank(self) -> int:
        """0 for the easiest proficiency level, 3 for the hardest."""
        return LEVELS.index(self.level)


class Area(BaseModel):
    """One of the five competence areas.

    Attributes:
        name: As shown beside a bar, such as "Problemløsning".
        short: The name in one word, for an SMS.
        phrase: Completes both "Du er stærkest i ..." and "Det sværeste er ...", such as "at løse problemer".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    short: _Text
    phrase: _Text


class ItemBank(BaseModel):
    """All items, their areas and competences, and the words explained.

    Attributes:
        version: Names this state of the bank; stored with every result.
        areas: The areas by number, 1 to 5.
        competences: Danish competence names by number, such as "1.1".
        glossary: Every explained word with its explanation.
        items: Every item, in the order of the competences.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: _Text
    areas: Mapping[int, Area]
    competences: Mapping[str, str]
    glossary: Mapping[str, str]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _explain_terms(cls, data: Any) -> Any:
        """Turns each item's list of words into words with their explanations from the glossary."""
        glossary = data.get("glossary", {})
        items = [
            {**item, "terms": {word: _explanation(glossary, word) for word in item.get("terms", ())}}
            for item in data.get("items", ())
        ]
        return {**data, "items": items}

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        """Every reference inside the bank must lead somewhere, and no id may stand twice."""
        ids = [item.id for item in self.items]
        if len(set(ids)) != len(ids):
            raise ValueError(f"item ids stand twice: {sorted({i for i in ids if ids.count(i) > 1})}")
        for item in self.items:
            if item.competence not in self.competences or item.area not in self.areas:
                raise ValueError(f"{item.id} belongs to no known competence")
            if not item.id.startswith(f"{item.competence}-"):
                raise ValueError(f"{item.id} does not name its competence {item.competence}")
        return self

    def item(self, item_id: str) -> Item:
        """The item with an id.

        Raises:
            KeyError: There is none.
        """
        return self._by_id[item_id]

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}


def _explanation(glossary: Mapping[str, str], word: str) -> str:
    if word not in glossary:
        raise ValueError(f"the glossary does not explain {word!r}")
    return glossary[word]


@cache
def load_item_bank() -> ItemBank:
    """The item bank that comes with the program, read once.

    Raises:
        pydantic.ValidationError: The file does not fit the schema.
    """
    return ItemBank.model_validate(yaml.safe_load(_BANK_FILE.read_text(encoding="utf-8")))
