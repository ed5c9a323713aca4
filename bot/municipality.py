"""The municipality's own words, from municipality.yml, as variables that every response can use."""

import os
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

PREFIX = "municipality_"
_PROJECT = Path(__file__).resolve().parent.parent
_DEFAULT_FILE = "municipality.yml"


def municipality_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Gives the path of the municipality's file; a relative one is taken from the project's own folder."""
    return _PROJECT / (environment.get("DIGISPOR_MUNICIPALITY") or _DEFAULT_FILE)


def municipality_texts(path: Path) -> dict[str, str]:
    """Gives every plain value of the file as text, under `municipality_<key>`.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is not a mapping.
    """
    # The base type leaves every value as it is written: a phone number without spaces is not a quantity.
    values = YAML(typ="base").load(path)
    if not isinstance(values, dict):
        raise ValueError(f"{path} must hold 'key: value' lines.")
    return {PREFIX + key: value for key, value in values.items() if isinstance(value, str)}
