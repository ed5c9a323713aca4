"""Caseworkers invite people by SMS and see how far messages have come."""

import pytest
from aiohttp import FormData

from backend.app import create_app
from tests.backend.visitor import NAME, Visitor, hire


@pytest.fixture
def sms():
    return "twilio"


@pytest.fixture
async def app(settings, clock, sms):
    # Nobody listens on the discard port, so what is handed over waits.
    changes = {"sms_provider": sms, "rasa_url": "http://127.0.0.1:9"}
    return create_app(settings.model_copy(update=changes), clock)


@pytest.fixture
async def console(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    assert (await visitor.sign_in()).status == 200
    return visitor


async def invite(console, numbers):
    page = await console.get("/console/sms")
    form = page.form("Send invitationer")
    return await console.send(form, numbers=numbers, file="")


async def test_numbers_are_invited_once_and_shown_without_their_digits(console):
    page = await invite(console, "20 30 40 50\n20304051")
    assert "2 nye invitationer" in page.text
    again = await invite(console, "+4520304050")
    assert "0 nye invitationer" in again.text
    assert "1 var inviteret før" in again.text
    for shown in ("***50", "***51", f"Invitation (af {NAME})", "Venter"):
        assert shown in again.text
    assert "20304050" not in again.source.replace(" ", "")


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("Navn;Telefon\nÅse;20304050\nBo;20 30 40 51\n", 2),
        ("Telefon\n20304050\n\n  20304050  \n", 1),
        ('"Jensen, Bo",20304050\n', 1),
        ("fødselsdag;telefon\n010190;20304050\n", 1),
        ("", 0),
    ],
)
async def test_a_list_is_read_as_people_keep_them(console, written, new):
    assert (
        f"{new} {'ny invitation' if new == 1 else 'nye invitationer'}"
        in (await invite(console, written)).text
    )


async def test_numbers_can_come_in_a_file(console):
    page = await console.get("/console/sms")
    fields = page.form("Send invitationer").fields
    form = FormData({name: value for name, value in fields.items() if name != "file"})
    form.add_field("file", "Navn;Telefon\nÅse;20304050\n".encode("utf-8-sig"), filename="liste.csv")
    assert "1 ny invitation" in (await console.post("/console/sms/invitations", form)).text


async def test_what_is_no_number_is_shown_again_and_not_invited(console):
    page = await invite(console, "12\n<script>1</script>")
    assert "0 nye invitationer" in page.text
    assert "12, <script>1</script>" in page.text
    assert "<script>1</script>" not in page.source


async def test_too_many_numbers_are_refused_whole(console):
    page = await invite(console, "\n".join(str(20_000_000 + n) for n in range(1001)))
    assert "Ingen er inviteret" in page.text
    assert "Der er ikke sendt nogen endnu" in page.text


async def test_a_form_from_elsewhere_invites_nobody(console):
    page = await console.post("/console/sms/invitations", {"numbers": "20304050"})
    assert page.status == 403


@pytest.mark.parametrize("sms", ["off", ""])
async def test_without_sms_nobody_can_be_invited(console):
    page = await console.get("/console/sms")
    assert "Sms er ikke slået til" in page.text
    assert not [form for form in page.forms if "Send invitationer" in form.buttons]
