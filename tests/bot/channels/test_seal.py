"""Sessions and buttons that a browser hands back are believed only when we signed them."""

import datetime

import jwt
import pytest

from bot.channels.seal import Seal

KEY = "a signing key long enough for tests"
SEAL = Seal(KEY)


def in_a_minute():
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1)


def test_the_proof_of_a_code_is_of_one_code_in_one_conversation():
    proofs = {SEAL.code_proof(id, code) for id in ("c1", "c2") for code in ("482913", "482914")}
    assert len(proofs) == 4
    assert Seal("another key that is long enough too").code_proof("c1", "482913") not in proofs


def test_a_session_token_names_its_conversation():
    assert SEAL.conversation_id(SEAL.session_token("c1")) == "c1"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "c1", "aud": "digispor-web", "exp": in_a_minute() - datetime.timedelta(minutes=2)},
        {"sub": "c1", "aud": "digispor-web"},
        {"aud": "digispor-web", "exp": in_a_minute()},
        {"sub": "c1", "aud": "another-use-of-the-key", "exp": in_a_minute()},
        {"sub": "c1", "exp": in_a_minute()},
    ],
    ids=["run out", "never runs out", "no conversation", "another audience", "no audience"],
)
def test_a_token_that_is_not_a_session_is_not_believed(claims):
    assert SEAL.conversation_id(jwt.encode(claims, KEY, algorithm="HS256")) is None


def test_a_token_signed_with_another_key_is_not_believed():
    assert SEAL.conversation_id(Seal(KEY[::-1]).session_token("c1")) is None


def test_an_unsigned_token_is_not_believed():
    claims = {"sub": "c1", "aud": "digispor-web", "exp": in_a_minute()}
    assert SEAL.conversation_id(jwt.encode(claims, None, algorithm="none")) is None


def test_a_button_is_genuine_only_as_a_whole_and_in_its_own_conversation():
    button = SEAL.signed_button("c1", "Ja", "/affirm")
    assert SEAL.is_genuine("c1", "Ja", "/affirm", button["signature"])
    assert not SEAL.is_genuine("c2", "Ja", "/affirm", button["signature"])
    assert not SEAL.is_genuine("c1", "Nej", "/affirm", button["signature"])
    assert not SEAL.is_genuine("c1", "Ja", "/deny", button["signature"])


def test_the_parts_of_a_button_cannot_be_moved_between_each_other():
    assert not SEAL.is_genuine("c1", "Ja/", "affirm", SEAL.signed_button("c1", "Ja", "/affirm")["signature"])


def test_what_an_older_key_has_signed_is_believed_until_that_key_is_taken_away():
    old, new = KEY, "a newer signing key long enough for tests"
    both = Seal(f"{new},{old}")
    token, button = SEAL.session_token("c1"), SEAL.signed_button("c1", "Ja", "/affirm")
    assert both.conversation_id(token) == "c1"
    assert both.is_genuine("c1", "Ja", "/affirm", button["signature"])
    assert Seal(new).conversation_id(token) is None
    assert not Seal(new).is_genuine("c1", "Ja", "/affirm", button["signature"])
    assert Seal(new).conversation_id(both.session_token("c1")) == "c1"


def test_each_of_several_keys_must_be_long_enough():
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(f"{KEY},short")
