import ast

import pytest

from setup.layout import ROOT

OLDEST = (3, 8)
MODULES = sorted((ROOT / "setup").glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_setup_keeps_to_the_oldest_pythons_grammar(module) -> None:
    ast.parse(module.read_text("utf-8"), feature_version=OLDEST)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_setup_needs_nothing_but_the_standard_library(module) -> None:
    import sys

    tree = ast.parse(module.read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"setup"}
