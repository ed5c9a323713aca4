"""A person at the console: reads pages, and sends the forms that stand on them."""

from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urlsplit

from argon2 import PasswordHasher

from backend.console import passwords
from backend.console.accounts import save_account
from backend.console.browser import SESSION_COOKIE
from backend.console.rights import EVERYTHING

LOGIN, NAME, PASSWORD = "karen", "Karen Holm", "en lang adgangskode"


class Form:
    """A form with the fields as the page filled them."""

    def __init__(self, attributes):
        self.action, self.method = attributes.get("action"), attributes.get("method", "get")
        self.fields = {}
        self.buttons = []


class Page(HTMLParser):
    """A page as it was answered: its text, links and forms."""

    def __init__(self, response, text):
        super().__init__()
        self.status, self.url, self.source = response.status, response.url, text
        self.headers = response.headers
        self.links, self.forms, self.tags = [], [], []
        self._words, self._select, self._in_button, self._in_form = [], None, False, False
        self.feed(text)

    @property
    def text(self):
        return " ".join(" ".join(self._words).split())

    def form(self, button):
        (form,) = [form for form in self.forms if button in form.buttons]
        return form

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        match tag:
            case "a":
                self.links.append(attributes.get("href"))
            case "form":
                self.forms.append(Form(attributes))
                self._in_form = True
            case "button":
                self._in_button = True
            case "input" if attributes.get("type") == "checkbox" and "checked" not in attributes:
                pass
            case "input" | "textarea" if self._in_form:
                self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
            case "select":
                self._select = attributes["name"]
                self.forms[-1].fields[self._select] = ""
            case "option" if "selected" in attributes:
                self.forms[-1].fields[self._select] = attributes["value"]

    def handle_endtag(self, tag):
        self._in_button = self._in_button and tag != "button"
        self._in_form = self._in_form and tag != "form"

    def handle_data(self, data):
        self._words.append(data)
        if self._in_button and self._in_form and data.strip():
            self.forms[-1].buttons.append(data.strip())


class Visitor:
    """A browser without a screen. Its cookies are those of the client."""

    def __init__(self, client):
        self.client = client

    async def get(self, path, **options):
        async with self.client.get(path, **options) as response:
            return Page(response, await response.text())

    async def post(self, path, fields, **options):
        async with self.client.post(path, data=fields, **options) as response:
            return Page(response, await response.text())

    async def send(self, form, **filled):
        """Sends a form of a page, with some of its fields filled in; follows to the next page."""
        return await self.post(form.action, {**form.fields, **filled})

    async def sign_in(self, login=LOGIN, password=PASSWORD):
        page = await self.get("/console/sign-in")
        return await self.send(page.form("Log ind"), login=login, password=password)

    def take_session(self, token):
        """Puts a session's token into the browser, as a thief would."""
        jar = self.client.session.cookie_jar
        jar.update_cookies({SESSION_COOKIE: token}, response_url=self.client.make_url("/console/"))

    @property
    def cookies(self):
        return {cookie.key: cookie for cookie in self.client.session.cookie_jar}


@contextmanager
def hash_quickly(monkeypatch):
    """Makes hashing as cheap as it gets; what is tested does not depend on its price."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._no_password.cache_clear()
    yield
    passwords._no_password.cache_clear()


async def hire(database, clock, login=LOGIN, name=NAME, password=PASSWORD, grants=EVERYTHING):
    """Makes an account, which may do everything unless told otherwise."""
    await save_account(database, clock(), login=login, name=name, password=password, grants=grants)


async def signed_in(client, database, clock, **account):
    """The browser of somebody who has been hired for the test and has signed in."""
    await hire(database, clock, **account)
    visitor = Visitor(client)
    await visitor.sign_in(account.get("login", LOGIN))
    return visitor


def is_sign_in(page):
    """Whether a page is the way in, and not what was asked for."""
    return urlsplit(str(page.url)).path == "/console/sign-in"
