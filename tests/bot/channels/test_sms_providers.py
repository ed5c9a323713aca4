"""Each provider's wire format: what is believed, and what is sent."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.channels.sms.messages import State
from bot.channels.sms.provider import Account, Forged, StateReported, TextReceived, Unreadable, Webhook
from bot.channels.sms.settings import PATH, PROVIDERS
from tests.sms_gateway.formats import ACCOUNT, FORMATS, SECRET, SENDER, TOKEN, Sent, jwt

URL = "https://chat.kommune.example" + PATH
NUMBER = "+4520304050"
SENT = Sent(NUMBER, "hej", "sms.0123456789abcdef-0", f"{URL}?reference=sms.0123456789abcdef-0")


@pytest.fixture(params=PROVIDERS)
def name(request):
    return request.param


@pytest.fixture
def provider(name):
    return PROVIDERS[name](Account("", ACCOUNT, TOKEN, SECRET, SENDER, URL))


@pytest.fixture
def wire(name):
    return FORMATS[name]()


def webhook(call, **changes):
    headers = {key.lower(): value for key, value in call.headers.items()}
    content_type = call.headers["Content-Type"].partition(";")[0]
    return replace(Webhook(call.url, headers, call.body, content_type), **changes)


def test_a_message_is_read(provider, wire):
    received = provider.read(webhook(wire.received(URL, "m1", NUMBER, "Hej æøå & 100 % 😀")))
    assert isinstance(received, TextReceived)
    assert received.sender.lstrip("+") == NUMBER.lstrip("+")
    assert received.text == "Hej æøå & 100 % 😀"
    assert received.id


def test_a_message_that_comes_again_has_the_same_id_and_another_has_not(provider, wire):
    ids = [provider.read(webhook(wire.received(URL, id, NUMBER, "hej"))).id for id in ("m1", "m1", "m2")]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("status", "state"),
    [("enroute", State.SENT), ("delivered", State.DELIVERED), ("failed", State.FAILED)],
)
def test_a_status_is_read_as_a_state_of_our_message(provider, wire, status, state):
    callback = SENT.callback_url if provider.content_type.endswith("urlencoded") else URL
    call = wire.status(URL, replace(SENT, callback_url=callback), getattr(wire, status))
    assert provider.read(webhook(call)) == StateReported(SENT.reference, state)


def test_a_status_we_do_not_know_says_nothing(provider, wire):
    assert provider.read(webhook(wire.status(URL, SENT, "SOMETHING-NEW"))) is None


def test_without_a_signature_nothing_is_believed(provider, wire):
    call = wire.received(URL, "m1", NUMBER, "hej")
    with pytest.raises(Forged):
        provider.read(webhook(call, headers={}))


@pytest.mark.parametrize("forged", ["", "v1=", "æøå", "a.b.c", "v1=" + "0" * 64, "\ud800"])
def test_a_wrong_signature_is_not_believed(provider, wire, forged):
    call = wire.received(URL, "m1", NUMBER, "hej")
    headers = {"signature": forged, "x-gwapi-signature": forged, "x-twilio-signature": forged}
    with pytest.raises(Forged):
        provider.read(webhook(call, headers=headers))


def test_a_changed_body_is_not_believed(provider, wire):
    genuine = webhook(wire.received(URL, "m1", NUMBER, "hej"))
    forged = replace(genuine, body=genuine.body.replace(b"hej", b"nej"))
    if b"msisdn" in genuine.body:
        # Here the signature carries the content, and the body is not looked at.
        assert provider.read(forged).text == "hej"
    else:
        with pytest.raises(Forged):
            provider.read(forged)


def test_what_is_signed_but_has_another_form_is_told_apart(provider, wire):
    if provider.content_type.endswith("urlencoded"):
        call = wire._signed(URL, {"Something": "else"})
    else:
        call = (
            wire._signed(URL, {"something": "else"}) if "rest" in wire.name else wire._signed(URL, "x", None)
        )
    with pytest.raises(Unreadable):
        provider.read(webhook(call))


def test_a_jwt_without_a_signature_or_with_another_algorithm_is_not_believed():
    provider = PROVIDERS["gatewayapi-rest"](Account("", "", TOKEN, SECRET, SENDER, URL))
    head, content, _ = jwt({"id": 1, "msisdn": 4520304050, "message": "hej"}).split(".")
    for forged in (f"eyJhbGciOiJub25lIn0.{content}.", f"{head}.{content}."):
        call = Webhook(URL, {"x-gwapi-signature": forged}, b"{}", "application/json")
        with pytest.raises(Forged):
            provider.read(call)


def test_names_that_mean_something_in_a_jwt_are_only_fields_of_a_message():
    provider = PROVIDERS["gatewayapi-rest"](Account("", "", TOKEN, SECRET, SENDER, URL))
    data = {"id": 1, "msisdn": 4520304050, "message": "hej", "exp": 1, "aud": "x", "sub": 7, "jti": 8}
    call = Webhook(URL, {"x-gwapi-signature": jwt(data)}, b"", "application/json")
    assert provider.read(call).text == "hej"


def test_twilio_signs_parameters_we_have_never_heard_of_and_the_whole_address():
    provider, wire = (
        PROVIDERS["twilio"](Account("", ACCOUNT, TOKEN, SECRET, SENDER, URL)),
        FORMATS["twilio"](),
    )
    form = dict(parse_qsl(wire.received(URL, "m1", NUMBER, "hej").body.decode()))
    call = wire._signed(f"{URL}?a=b", {**form, "Brand New": "æ+ &=", "Empty": ""})
    assert provider.read(webhook(call)).text == "hej"
    with pytest.raises(Forged):
        provider.read(webhook(call, url=URL))
    with pytest.raises(Forged):
        provider.read(webhook(call, body=urlencode(form).encode()))


def test_twilio_says_when_it_has_itself_answered_a_stop():
    provider, wire = (
        PROVIDERS["twilio"](Account("", ACCOUNT, TOKEN, SECRET, SENDER, URL)),
        FORMATS["twilio"](),
    )
    form = dict(parse_qsl(wire.received(URL, "m1", NUMBER, "STOP").body.decode()))
    assert provider.read(webhook(wire._signed(URL, {**form, "OptOutType": "STOP"}))).opt_out == "STOP"


def test_events_of_other_kinds_say_nothing():
    provider = PROVIDERS["gatewayapi-messaging"](Account("", "", TOKEN, SECRET, SENDER, URL))
    call = FORMATS["gatewayapi-messaging"]()._signed(URL, "message.status.rcs", {"status": "READ"})
    assert provider.read(webhook(call)) is None
    assert json.loads(call.body)["event_type"] == "message.status.rcs"
