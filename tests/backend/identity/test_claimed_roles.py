"""What the provider's claim about roles gives: what is understood wholly, and nothing else."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.console.claimed_roles import claimed_grants
from backend.console.rights import Grant, Role

ORGANISATION = "5d4f1f0e-3a55-4a6c-8a2e-0c8b6f3c9a11"
TEAMS = {ORGANISATION: "north"}
NORTH = Grant(Role.CASEWORKER, "north")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["caseworker", "*", ORGANISATION]),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["role", "organisation", "x"]) | st.text(), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("claim", "grants"),
    [
        ([{"role": "caseworker", "organisation": ORGANISATION}], {NORTH}),
        ([f"caseworker:{ORGANISATION}"], {NORTH}),
        (f"caseworker:{ORGANISATION}", {NORTH}),
        ({"role": "caseworker", "organisation": "*"}, {Grant(Role.CASEWORKER)}),
        (["administrator:*", f"caseworker:{ORGANISATION}"], {Grant(Role.ADMINISTRATOR), NORTH}),
        ([f"caseworker:{ORGANISATION}", "mayor:*"], {NORTH}),
    ],
)
def test_a_role_and_its_organisation_give_a_role_in_its_team(claim, grants):
    assert claimed_grants(claim, TEAMS) == grants


@pytest.mark.parametrize(
    "claim",
    [
        None,
        [],
        {},
        7,
        "caseworker",
        "caseworker:",
        ["caseworker"],
        ["*"],
        [":*"],
        ["Caseworker:*"],
        ["caseworker:**"],
        ["caseworker:unknown"],
        [f"administrator:{ORGANISATION}"],
        [{"role": "caseworker"}],
        [{"role": "caseworker", "organisation": None}],
        [{"role": "caseworker", "organisation": ""}],
        [{"role": "caseworker", "organisation": ["*"]}],
        [{"role": ["caseworker"], "organisation": "*"}],
        [{"organisation": "*"}],
        [["caseworker", "*"]],
    ],
    ids=str,
)
def test_what_is_not_understood_wholly_gives_nothing(claim):
    assert claimed_grants(claim, TEAMS) == frozenset()


@given(JSON)
def test_only_a_claim_that_says_so_gives_every_team(claim):
    for grant in claimed_grants(claim, TEAMS):
        assert grant.role in str(claim)
        assert ("*" if grant.team_id is None else ORGANISATION) in str(claim)


def test_the_log_tells_why_and_not_whose(caplog):
    with caplog.at_level(logging.WARNING):
        claimed_grants(["caseworker:karen.holm@example.org", "mayor:*", "mayor:x"], TEAMS)
    assert "2 of the roles" in caplog.text
    assert "karen" not in caplog.text
