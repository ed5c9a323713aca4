"""What is believed about the items: complete for the bank, and in the order that their levels promise."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from backend.assessment.item_bank import LEVELS, load_item_bank
from backend.assessment.parameters import FOLDER, ItemParameters, Parameters, load_parameters
from backend.assessment.rule import ProposalRule

BANK = load_item_bank()
PRIOR = load_parameters()


def raw_prior() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load((FOLDER / "prior.yaml").read_text("utf-8"))
    return raw


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_is_named_after_its_version_and_fits_the_bank(path: Any) -> None:
    parameters = load_parameters(path.stem)
    assert parameters.version == path.stem
    whole = ItemParameters.of_bank(BANK, parameters)
    assert whole.discrimination.shape == (50,)
    assert whole.thresholds.shape == (50, 3)
    assert (np.diff(whole.thresholds, axis=1) > 0).all()


def test_an_item_of_a_higher_level_is_harder() -> None:
    centres = [PRIOR.difficulty[level] for level in LEVELS]
    assert all(easier < harder for easier, harder in pairwise(centres))


def test_items_named_as_sharp_or_broad_are_in_the_bank_and_not_both() -> None:
    ids = {item.id for item in BANK.items}
    assert PRIOR.sharp <= ids
    assert PRIOR.broad <= ids
    assert not PRIOR.sharp & PRIOR.broad


def test_a_measured_item_takes_the_place_of_its_prior() -> None:
    estimate = {"discrimination": 1.4, "thresholds": [-1.0, 0.1, 0.9], "answers": 250}
    measured = Parameters.model_validate({**raw_prior(), "version": "m", "estimates": {"1.1-a": estimate}})
    assert measured.of(BANK.item("1.1-a")) == (1.4, (-1.0, 0.1, 0.9))
    assert measured.of(BANK.item("1.1-b")) == PRIOR.of(BANK.item("1.1-b"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.update(steps=[0.0, -1.0, 1.0]),
        lambda raw: raw.update(area_sd=0),
        lambda raw: raw.update(discrimination={"sharp": -1, "plain": 1, "broad": 1}),
        lambda raw: raw.update(version="../etc"),
        lambda raw: raw.update(
            estimates={"1.1-a": {"discrimination": 1, "thresholds": [0, 0, 1], "answers": 9}}
        ),
        lambda raw: raw.update(something="else"),
    ],
)
def test_broken_parameters_are_refused(spoil: Any) -> None:
    raw = raw_prior()
    spoil(raw)
    with pytest.raises(ValidationError):
        Parameters.model_validate(raw)


def test_an_unknown_version_is_missed() -> None:
    with pytest.raises(FileNotFoundError):
        load_parameters("nothing")


def test_a_borderline_must_not_be_more_certain_than_the_end() -> None:
    with pytest.raises(ValidationError, match="borderline_below"):
        ProposalRule(required_certainty=0.9, borderline_below=0.95)
