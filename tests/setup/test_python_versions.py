import ast

import pytest

from setup.layout import ROOT

OLDEST = (3, 8)
MODULES = sorted((ROOT / "setup").glob("*.py"))
# Is started by the backend's Python, when there is one; all others by the one that `make` finds.
IN_AN_ENVIRONMENT = {"launcher.py"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_setup_keeps_to_the_oldest_pythons_grammar(module) -> None:
    ast.parse(module.read_text("utf-8"), feature_version=OLDEST)


def test_what_runs_in_an_environment_is_imported_by_nothing_else() -> None:
    names = {name.removesuffix(".py") for name in IN_AN_ENVIRONMENT}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found = {(node.module or "").removeprefix("setup."), *(alias.name for alias in node.names)}
                assert not names & found, module.name


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if module.name not in IN_AN_ENVIRONMENT],
    ids=lambda module: module.name,
)
def test_setup_needs_nothing_but_the_standard_library(module) -> None:
    import sys

    tree = ast.parse(module.read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"setup"}
