"""A link leads into its conversation once, for a day."""

import pytest

from bot.channels.links import AGAIN_SECONDS, LIFETIME_SECONDS, OneTimeLinks

NOW = 1_000_000.0


@pytest.fixture
def links(tmp_path):
    return OneTimeLinks(tmp_path / "links.db")


def test_a_link_leads_into_its_conversation_once(links):
    code = links.issue("sms.abc", NOW)
    assert links.redeem(code, NOW + 10) == "sms.abc"
    assert links.redeem(code, NOW + 10 + AGAIN_SECONDS + 1) is None


def test_whose_connection_broke_can_ask_again_at_once(links):
    code = links.issue("sms.abc", NOW)
    assert [links.redeem(code, NOW + seconds) for seconds in (10, 20, 69)] == ["sms.abc"] * 3
    assert links.redeem(code, NOW + 75) is None


def test_a_link_ends_after_a_day(links):
    code = links.issue("sms.abc", NOW)
    assert links.redeem(code, NOW + LIFETIME_SECONDS) is None


def test_a_new_link_ends_the_one_before_it(links):
    first, other = links.issue("sms.abc", NOW), links.issue("sms.def", NOW)
    second = links.issue("sms.abc", NOW)
    assert links.redeem(first, NOW) is None
    assert (links.redeem(second, NOW), links.redeem(other, NOW)) == ("sms.abc", "sms.def")


@pytest.mark.parametrize("code", [None, 7, "", "x" * 16, "\ud800", {"a": 1}])
def test_what_is_no_code_leads_nowhere(links, code):
    links.issue("sms.abc", NOW)
    assert links.redeem(code, NOW) is None


def test_links_outlive_a_restart_and_the_file_holds_no_code(links, tmp_path):
    code = links.issue("sms.abc", NOW)
    assert OneTimeLinks(tmp_path / "links.db").redeem(code, NOW) == "sms.abc"
    assert code.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
