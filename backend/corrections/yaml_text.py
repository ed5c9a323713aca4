"""Writes YAML as people write it: several lines as a block."""

from typing import Any

import yaml


class Block(str):
    """Text that is written as a block of lines."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    pass


def _represent(dumper: _Dumper, block: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(block), style="|")


_Dumper.add_representer(Block, _represent)


def write_yaml(content: dict[str, Any]) -> str:
    """The content as YAML, its keys in their order."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
