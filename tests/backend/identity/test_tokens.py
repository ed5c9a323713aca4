"""A token is believed only when the provider signed it, for us, about this very sign-in, and now."""

from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from backend.identity.documents import AnswerRefused, Documents
from backend.identity.tokens import (
    Audience,
    Ended,
    UnknownKey,
    check_id_token,
    check_logout_token,
    read_token,
)

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ISSUER, CLIENT = "https://login.kommune.example", "digispor"
AUDIENCE = Audience(ISSUER, CLIENT)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
KEYS = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
ALGORITHMS = ["RS256", "ES256", "HS256", "none"]


def at(**after):
    return int((NOW + timedelta(**after)).timestamp())


def id_claims(**changed):
    claims = {
        "iss": ISSUER,
        "sub": "karen",
        "aud": CLIENT,
        "nonce": "n",
        "iat": at(),
        "exp": at(minutes=5),
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def logout_claims(**changed):
    return id_claims(**{"nonce": None, "sid": "s", "jti": "j", "events": {EVENT: {}}, **changed})


def sign(claims, key=KEY, alg="RS256", **header):
    return jwt.encode({"alg": alg, "kid": "one", **header}, claims, key, algorithms=[alg])


def read(token):
    return read_token(token, KEYS, ALGORITHMS)


def believe(claims):
    return check_id_token(read(sign(claims)), AUDIENCE, nonce="n", access_token=None, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"exp": at(seconds=-30)},
        {"nbf": at(seconds=30)},
        {"iat": at(seconds=30)},
    ],
)
def test_a_token_about_this_sign_in_is_believed(changed):
    assert believe(id_claims(**changed))["sub"] == "karen"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\0b"},
        {"sid": 7},
        {"sid": "x" * 256},
        {"aud": "another"},
        {"aud": []},
        {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": at(seconds=-90)},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": at(seconds=90)},
        {"iat": at(seconds=90)},
        {"iat": None},
    ],
    ids=str,
)
def test_a_token_with_anything_wrong_is_not(changed):
    with pytest.raises(AnswerRefused):
        believe(id_claims(**changed))


def test_an_access_token_must_be_the_one_that_the_id_token_is_for():
    token = read(sign(id_claims(at_hash="d2hhdGV2ZXItZWxzZQ")))
    with pytest.raises(AnswerRefused):
        check_id_token(token, AUDIENCE, nonce="n", access_token="x", now=NOW)


def test_a_token_of_two_audiences_says_for_whom_it_was_made():
    with pytest.raises(AnswerRefused):
        believe(id_claims(aud=["another", CLIENT]))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "æ.ø.å",
        "eyJhbGciOiJub25lIn0.e30.",
        sign(id_claims(), RSAKey.generate_key(2048, {"kid": "one"})),
        sign(id_claims(), OctKey.import_key("a-client-secret-that-is-long-enough"), "HS256"),
        sign(id_claims(), alg="RS512"),
        sign(id_claims())[:-4],
    ],
    ids=["empty", "x", "abc", "danish", "none", "another-key", "hmac", "not-offered", "cut"],
)
def test_a_signature_that_is_not_the_providers_is_refused(token):
    with pytest.raises(AnswerRefused):
        read(token)


def test_a_key_that_is_not_known_is_told_apart():
    with pytest.raises(UnknownKey):
        read(sign(id_claims(), ECKey.generate_key("P-256"), "ES256", kid="two"))


@pytest.mark.parametrize(
    ("changed", "ended"),
    [({}, Ended("karen", "s")), ({"sid": None}, Ended("karen", None)), ({"sub": None}, Ended(None, "s"))],
)
def test_a_logout_token_says_what_has_ended(changed, ended):
    assert check_logout_token(read(sign(logout_claims(**changed))), AUDIENCE, now=NOW) == ended


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: "x"}},
        {"events": [EVENT]},
        {"nonce": "n"},
        {"sub": None, "sid": None},
        {"sub": 7},
        {"sid": 7, "sub": None},
        {"iat": None},
        {"exp": at(minutes=-5)},
        {"jti": None},
    ],
    ids=str,
)
def test_a_logout_token_with_anything_wrong_ends_nothing(changed):
    with pytest.raises(AnswerRefused):
        check_logout_token(read(sign(logout_claims(**changed))), AUDIENCE, now=NOW)


class TestRotation:
    @pytest.fixture
    def published(self):
        return {"keys": [KEY.as_dict(private=False)], "asked": 0}

    @pytest.fixture
    def documents(self, published, clock):
        async def fetch(address):
            if address.endswith("/jwks"):
                published["asked"] += 1
                return {"keys": published["keys"]}
            ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            return {"issuer": ISSUER, **dict.fromkeys(ends, f"{ISSUER}/jwks")}

        return Documents(ISSUER, fetch, clock)

    async def test_keys_are_kept(self, documents, published):
        for _ in range(3):
            assert await documents.keys()
        assert published["asked"] == 1

    async def test_a_new_key_is_found_when_a_token_names_it_but_not_asked_for_by_everybody(
        self, documents, published, clock
    ):
        await documents.keys()
        published["keys"] = [ECKey.generate_key("P-256", {"kid": "two"}).as_dict(private=False)]
        clock.advance(seconds=61)
        assert [key.kid for key in await documents.keys()] == ["one"]
        assert [key.kid for key in await documents.keys(fresh=True)] == ["two"]
        for _ in range(5):
            await documents.keys(fresh=True)
        assert published["asked"] == 2

    async def test_a_provider_that_does_not_answer_is_not_asked_again_by_every_token(
        self, documents, published, clock
    ):
        await documents.keys()
        published["keys"] = None
        clock.advance(seconds=61)
        with pytest.raises(AnswerRefused):
            await documents.keys(fresh=True)
        assert [key.kid for key in await documents.keys(fresh=True)] == ["one"]
        assert published["asked"] == 2

    async def test_keys_are_renewed_without_being_asked_for(self, documents, published, clock):
        await documents.keys()
        published["keys"] = [ECKey.generate_key("P-256", {"kid": "two"}).as_dict(private=False)]
        clock.advance(hours=2)
        assert [key.kid for key in await documents.keys()] == ["two"]

    @pytest.mark.parametrize("keys", [None, [], [{}], [{"kty": "RSA"}], "x"])
    async def test_what_are_no_keys_is_refused(self, documents, published, keys):
        published["keys"] = keys
        with pytest.raises(AnswerRefused):
            await documents.keys()
