import datetime
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup.audit import JUDGEMENTS, read_npm, read_pip, report
from setup.errors import SetupError
from setup.judgements import Answer, Finding, Judgement, compare, read
from setup.layout import REQUIREMENTS, ROOT

TODAY = datetime.date(2026, 11, 28)
FINDING = Finding("bot", "aiohttp", "3.9.5", "PYSEC-2026-1", frozenset({"CVE-2026-1", "GHSA-1"}), ("3.14.0",))
ENTRY = """
[[judgement]]
where = "bot"
package = "aiohttp"
ids = ["CVE-2026-1"]
what = "Something."
reachable = "no"
why = "Nothing calls it."
judged = 2026-11-28
review = 2027-05-28
"""


def judgement(*ids: str, where: str = "bot", package: str = "aiohttp", days: int = 100) -> Judgement:
    return Judgement(where, package, ids or ("CVE-2026-1",), "no", TODAY + datetime.timedelta(days=days))


def answer(*findings: Finding, asked: str = "aiohttp", silent_about: str = "", where: str = "bot") -> Answer:
    return Answer(where, findings, frozenset(asked.split()), frozenset(silent_about.split()))


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-1", "GHSA-1"])
def test_a_finding_is_judged_under_any_of_its_names(name: str) -> None:
    verdict = compare([answer(FINDING)], [judgement(name)], TODAY)
    assert [found for found, _ in verdict.judged] == [FINDING]
    assert verdict.exit_code == 0


@pytest.mark.parametrize(
    "other",
    [judgement("CVE-2026-2"), judgement(package="sanic"), judgement(where="backend")],
)
def test_a_finding_is_judged_by_nothing_about_another_advisory_package_or_lock(other: Judgement) -> None:
    verdict = compare([answer(FINDING)], [other], TODAY)
    assert verdict.unjudged == [FINDING]
    assert verdict.exit_code == 1
    assert "aiohttp 3.9.5  PYSEC-2026-1  IKKE VURDERET, rettet i 3.14.0" in "\n".join(report(verdict))


def test_a_judgement_about_something_that_is_gone_is_stale_and_fails_nothing() -> None:
    verdict = compare([answer(FINDING)], [judgement("CVE-2026-1", "CVE-2026-2")], TODAY)
    assert [id for _, id in verdict.stale] == ["CVE-2026-2"]
    assert "aiohttp  CVE-2026-2    vurderet, men findes ikke mere: kan tages ud" in re.sub(
        r"aiohttp +", "aiohttp  ", "\n".join(report(verdict))
    )
    assert verdict.exit_code == 0


def test_a_judgement_about_a_package_in_no_lock_is_stale() -> None:
    verdict = compare([answer(asked="sanic")], [judgement()], TODAY)
    assert [id for _, id in verdict.stale] == ["CVE-2026-1"]


def test_a_judgement_is_not_stale_while_its_source_is_silent() -> None:
    verdict = compare([answer(asked="", silent_about="aiohttp")], [judgement()], TODAY)
    assert verdict.stale == []
    assert verdict.exit_code == 2


def test_a_judgement_holds_on_its_day_of_review_and_not_the_day_after() -> None:
    assert compare([answer(FINDING)], [judgement(days=0)], TODAY).exit_code == 0
    verdict = compare([answer(FINDING)], [judgement(days=-1)], TODAY)
    assert verdict.overdue
    assert verdict.exit_code == 1


def test_a_silent_source_is_never_taken_for_no_findings() -> None:
    verdict = compare([answer(), answer(asked="", silent_about="lit dkfds", where="widget")], [], TODAY)
    assert verdict.exit_code == 2
    told = "\n".join(report(verdict))
    assert "2 pakker i widget" in told
    assert "ikke det samme som ingen fund" in told


def test_that_something_is_to_be_judged_comes_before_that_a_source_was_silent() -> None:
    assert compare([answer(FINDING, silent_about="sanic")], [], TODAY).exit_code == 1


names = st.sampled_from(["CVE-1", "CVE-2", "CVE-3", "CVE-4"])
findings = st.builds(Finding, st.just("bot"), st.just("aiohttp"), st.just("1"), names)


@given(st.lists(findings), st.sets(names), st.booleans())
def test_only_where_everything_found_is_judged_is_it_clean(
    found: list[Finding], judged: set[str], silent: bool
) -> None:
    asked = answer(*found, silent_about="sanic" if silent else "")
    code = compare([asked], [judgement(*judged)] if judged else [], TODAY).exit_code
    is_judged = {finding.id for finding in found} <= judged
    assert code == (1 if not is_judged else 2 if silent else 0)


def test_what_pip_audit_left_out_counts_as_not_asked() -> None:
    said = """{"dependencies": [
        {"name": "aiohttp", "version": "3.9.5", "vulns": [
            {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1", "GHSA-1"], "fix_versions": ["3.14.0"]}]},
        {"name": "lit", "skip_reason": "Dependency not found on PyPI and could not be audited: lit (1)"}],
        "fixes": []}"""
    read = read_pip("bot", ["aiohttp", "lit", "sanic"], said)
    assert read.findings == (FINDING,)
    assert (read.asked, read.silent_about) == ({"aiohttp"}, {"lit", "sanic"})


@pytest.mark.parametrize("said", ["", '{"dependencies": [{"na'])
def test_a_pip_audit_that_did_not_finish_asked_about_nothing(said: str) -> None:
    assert read_pip("bot", ["aiohttp"], said).silent_about == {"aiohttp"}


LOCK = {
    "packages": {
        "": {},
        "node_modules/ws": {"version": "8.1"},
        "node_modules/a/node_modules/ws": {"version": "7"},
    }
}


def test_an_npm_advisory_is_found_once_by_its_ghsa_name() -> None:
    said = """{"vulnerabilities": {
        "ws": {"via": [{"name": "ws", "url": "https://github.com/advisories/GHSA-2"}]},
        "socket.io": {"via": ["ws"]},
        "engine.io": {"via": ["ws", {"name": "ws", "url": "https://github.com/advisories/GHSA-2"}]}}}"""
    read = read_npm("widget", LOCK, said)
    assert [(finding.package, finding.id) for finding in read.findings] == [("ws", "GHSA-2")]
    assert read.asked == {"ws"}


@pytest.mark.parametrize("said", ["", "<html>", "[]", '{"message": "405 Method Not Allowed", "error": {}}'])
def test_an_npm_that_could_not_ask_asked_about_nothing(said: str) -> None:
    read = read_npm("widget", LOCK, said)
    assert (read.findings, read.silent_about) == ((), {"ws"})


@pytest.mark.parametrize(
    "wrong",
    [
        ENTRY.replace('why = "Nothing calls it."', 'why = " "'),
        ENTRY.replace('reachable = "no"', 'reachable = "perhaps"'),
        ENTRY.replace("review = 2027-05-28", ""),
        ENTRY.replace('ids = ["CVE-2026-1"]', "ids = []"),
        ENTRY.replace('ids = ["CVE-2026-1"]', 'ids = "CVE-2026-1"'),
        ENTRY + 'severity = "low"\n',
        ENTRY + ENTRY,
    ],
)
def test_a_judgement_that_leaves_something_out_is_refused(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "judgements.toml"
    file.write_text(ENTRY, "utf-8")
    assert read(file) == [Judgement("bot", "aiohttp", ("CVE-2026-1",), "no", datetime.date(2027, 5, 28))]
    file.write_text(wrong, "utf-8")
    with pytest.raises(SetupError, match="aiohttp"):
        read(file)


def test_judgements_that_are_no_toml_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "judgements.toml"
    file.write_text(ENTRY + "=", "utf-8")
    with pytest.raises(SetupError, match=r"judgements\.toml kan ikke læses"):
        read(file)


def _locked_in(where: str) -> set[str]:
    if where in ("widget", "tests/oidc_provider"):
        lock = json.loads((ROOT / where / "package-lock.json").read_text("utf-8"))
        return set(read_npm(where, lock, "").silent_about)
    return set(re.findall(r"(?m)^([\w.-]+)==", (REQUIREMENTS / f"{where}.txt").read_text("utf-8")))


def test_every_judgement_here_is_about_a_package_of_its_lock() -> None:
    for judged in read(JUDGEMENTS):
        assert judged.package in _locked_in(judged.where), judged.package
