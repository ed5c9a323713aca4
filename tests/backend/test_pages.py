import json
import logging
from contextlib import AsyncExitStack
from html.parser import HTMLParser
from xml.etree import ElementTree

import phonenumbers
import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer

from backend.app import create_app
from backend.municipality import load_municipality
from backend.settings import PROJECT_ROOT
from observability.logs import JsonFormatter


class Page(HTMLParser):
    """The elements of a page, with what is inside each noscript."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
async def serve(settings, clock):
    """Serves a backend that has been told something else."""
    async with AsyncExitStack() as stack:

        async def serve(**told):
            app = create_app(settings.model_copy(update=told), clock)
            return await stack.enter_async_context(TestClient(TestServer(app)))

        yield serve


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_the_pages_carry_the_chat(client, path):
    response = await client.get(path)
    page = Page(await response.text())
    assert page.all("html") == [{"lang": "da"}]
    (chat,) = page.all("digispor-chat")
    assert chat["address"] == "http://localhost:5005"
    assert [script["src"] for script in page.all("script")] == ["/static/widget/digispor-chat.js"]
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("path", ["/", "/chat", "/console"])
async def test_pages_have_an_icon(client, path):
    page = Page(await (await client.get(path)).text())
    [icon] = [link for link in page.all("link") if link["rel"] == "icon"]
    response = await client.get(icon["href"])
    assert (response.status, response.content_type) == (200, "image/svg+xml")
    ElementTree.fromstring(await response.text())


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_who_has_no_javascript_sees_the_phone_number_and_its_hours(client, path):
    noscript = await without_script(client, path)
    municipality = yaml.safe_load((PROJECT_ROOT / "municipality.yml").read_text("utf-8"))
    assert municipality["phone"] in noscript
    assert municipality["phone_hours"] in noscript
    assert "sms" not in noscript


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_who_has_no_javascript_sees_the_sms_number_where_there_is_one(serve, tmp_path, path):
    own = tmp_path / "municipality.yml"
    theirs = (PROJECT_ROOT / "municipality.yml").read_text("utf-8")
    own.write_text(f'{theirs}\nsms_number: "1204"\n', "utf-8")
    client = await serve(municipality=own)
    assert '<a href="sms:1204">1204</a>' in await without_script(client, path)


async def without_script(client, path):
    text = await (await client.get(path)).text()
    return text[text.rindex("<noscript>") : text.rindex("</noscript>")]


def test_what_the_demo_municipality_gives_out_reaches_nobody():
    municipality = load_municipality(PROJECT_ROOT / "municipality.yml")
    assert not phonenumbers.is_valid_number(phonenumbers.parse(municipality.phone, "DK"))
    assert municipality.email.endswith("@kommune.example")
    assert municipality.privacy_url.startswith("https://kommune.example/")


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_the_pages_may_only_talk_to_themselves_and_the_chat(client, path):
    response = await client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src http://localhost:5005 ws://localhost:5005;" in policy
    assert "unsafe" not in policy
    [script] = Page(await response.text()).all("script")
    assert f"style-src 'self' 'nonce-{script['nonce']}';" in policy


async def test_a_nonce_is_used_once(client):
    policies = {(await client.get("/chat")).headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


async def test_only_pages_that_may_hold_the_chat_may_frame_it(serve):
    client = await serve(cors_origins="https://www.kommune.test, https://job.kommune.test")
    policy = (await client.get("/chat")).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.kommune.test https://job.kommune.test")
    assert (await client.get("/")).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


async def test_a_browser_that_takes_compressed_files_gets_them(client):
    response = await client.get("/static/widget/digispor-chat.js", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) < 60_000


async def test_static_files_cannot_be_left(client):
    response = await client.get("/static/..%2fsettings.py")
    assert response.status == 404


async def test_a_request_is_logged_without_who_asked_for_what(client, auth, make_citizen, caplog):
    caplog.set_level(logging.INFO, "digispor.access")
    citizen = await make_citizen("conversation-of-amina")
    await client.get(f"/api/v1/citizens/{citizen['id']}?name=Amina", headers=auth())
    entries = [json.loads(JsonFormatter("backend").format(record)) for record in caplog.records]
    written, asked = [entry for entry in entries if entry["logger"] == "digispor.access"]
    assert (written["method"], written["route"], written["status"]) == ("POST", "/api/v1/citizens", 201)
    assert (asked["route"], asked["status"]) == ("/api/v1/citizens/{citizen_id}", 422)
    everything = json.dumps(entries, ensure_ascii=False)
    assert "Amina" not in everything
    assert "conversation-of" not in everything
    assert citizen["id"] not in everything
