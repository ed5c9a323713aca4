"""Who signs out here is signed out at the provider too, and the other way round."""

import re

import pytest
from sqlalchemy import select

from backend.audit.tables import AuditEntry
from backend.console.tables import ConsoleSession
from tests.backend.identity.conftest import START
from tests.backend.visitor import NAME, Visitor, hire, is_sign_in

OUT = "/openid/sign-out"


async def sessions(database):
    async with database.read() as work:
        return list(await work.session.scalars(select(ConsoleSession)))


async def sign_out(browser):
    page = await browser.get("/console/conversations")
    return await browser.send(page.form("Log ud"))


def address_on(page):
    (refresh,) = [attributes for tag, attributes in page.tags if attributes.get("http-equiv") == "refresh"]
    return re.fullmatch(r"0; url=(.+)", refresh["content"]).group(1)


async def leave_provider(browser, address):
    """Says yes at the provider to signing out there."""
    page = await browser.get(address)
    fields = {**page.forms[-1].fields, "logout": "yes"}
    return await browser.post(page.forms[-1].action, fields)


async def test_signing_out_leads_on_to_the_provider_and_back(browser, database):
    await browser.enter()
    page = await sign_out(browser)
    assert await sessions(database) == []
    assert "Du er logget ud" in page.text
    assert NAME not in page.text
    assert address_on(page) in page.links
    assert is_sign_in(await leave_provider(browser, address_on(page)))
    # Nobody is let in without asking any more.
    page = await browser.get(START)
    assert page.form("Sign-in")


async def test_the_word_of_the_provider_is_kept_unreadable(browser, database):
    await browser.enter()
    (session,) = await sessions(database)
    assert session.id_token.count(".") == 1
    assert session.provider_session


async def test_signing_out_at_the_provider_ends_the_session_here(browser, open_another, database):
    await browser.enter()
    page = await sign_out(browser)
    out = address_on(page)
    await browser.enter()
    elsewhere = await open_another()
    await elsewhere.enter()
    assert len(await sessions(database)) == 2
    await leave_provider(browser, out)
    # Of two sessions at the provider, the one that ended.
    assert is_sign_in(await browser.get("/console/conversations"))
    assert NAME in (await elsewhere.get("/console/conversations")).text
    async with database.read() as work:
        noted = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == "provider_sign_out"))
    assert noted.actor.startswith("karen~")


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_nobody_but_the_provider_ends_a_session(browser, database, token):
    await browser.enter()
    fields = {} if token is None else {"logout_token": token}
    assert (await browser.post(OUT, fields)).status == 400
    assert len(await sessions(database)) == 1


async def test_an_id_token_is_no_logout_token(browser, client, database):
    await browser.enter()
    page = await sign_out(browser)
    await browser.enter()
    token = re.search(r"id_token_hint=([^&]+)", address_on(page)).group(1)
    assert (await browser.post(OUT, {"logout_token": token})).status == 400
    assert len(await sessions(database)) == 1


async def test_an_account_of_the_consoles_own_is_not_led_to_the_provider(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    assert is_sign_in(await sign_out(visitor))
