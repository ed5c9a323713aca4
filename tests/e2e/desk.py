"""A caseworker's browser at the desk, used as a person would."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.house import House
from tests.e2e.console import WIDE


class Desk:
    """The desk of one caseworker, in a browser of its own.

    Args:
        browser: Where it opens.
        house: Where the console runs.
        name: What the caseworker is called.
        login: How they sign in.
        password: With it.
    """

    def __init__(self, browser: Browser, house: House, name: str, login: str, password: str) -> None:
        self.name = name
        self._context = browser.new_context(viewport=WIDE, locale="da-DK", timezone_id="Europe/Copenhagen")
        self._root = f"{house.backend_url}/console"
        self.page: Page = self._context.new_page()
        self.page.goto(self._root)
        self.page.get_by_label("Brugernavn").fill(login)
        self.page.get_by_label("Adgangskode").fill(password)
        self.page.get_by_role("button", name="Log ind").click()
        self.page.get_by_role("link", name="Vagt", exact=True).click()
        expect(self.page.get_by_role("heading", name="Vagt", exact=True)).to_be_visible()

    @property
    def first_name(self) -> str:
        """What citizens call them."""
        return self.name.split()[0]

    @property
    def queue(self) -> Locator:
        """Those who wait, who is to be answered first coming first."""
        return self.page.locator(".desk-queue > li").filter(has=self.page.get_by_role("button"))

    @property
    def said(self) -> Locator:
        """What was said in the open conversation."""
        return self.page.locator("#ture .turn-text")

    def be_there(self, *, available: bool) -> None:
        """Says whether new conversations are welcome."""
        wanted = "true" if available else "false"
        switch = self.page.get_by_role("switch", name="Jeg tager imod samtaler")
        if switch.get_attribute("aria-checked") != wanted:
            switch.click()
        expect(switch).to_have_attribute("aria-checked", wanted)

    def take(self, citizen: str) -> None:
        """Takes somebody from the queue."""
        self.take_button(citizen).click()
        expect(self.page.get_by_text("Du har samtalen. Digispor er stille.")).to_be_visible()
        expect(self.page.get_by_role("heading", name=citizen)).to_be_visible()

    def take_button(self, citizen: str) -> Locator:
        """The button that takes somebody from the queue."""
        return self.page.get_by_role("button", name=f"Tag samtalen med {citizen}")

    def open(self, citizen: str) -> None:
        """Goes to one of the own conversations."""
        self.page.locator(".desk-own").get_by_role("link", name=citizen).click()
        expect(self.page.get_by_role("heading", name=citizen)).to_be_visible()

    def open_by_id(self, conversation_id: str) -> None:
        """Goes to a conversation that nobody has asked for."""
        self.page.goto(f"{self._root}/desk/conversations/{conversation_id}")

    def write(self, text: str) -> None:
        """Writes to the citizen, and waits until it has been handed over."""
        self.send(text)
        expect(self.states_of(text).last).to_have_text(re.compile("Sendt|Leveret"))

    def send(self, text: str) -> None:
        """Writes to the citizen."""
        self.page.get_by_label("Skriv til borgeren").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.said.get_by_text(text)).to_be_visible()

    def states_of(self, text: str) -> Locator:
        """How far a message has come."""
        return self.page.locator("#ture > li", has_text=text).locator(".desk-state")

    def whisper(self, text: str) -> None:
        """Says something to colleagues alone."""
        self._unfold("Hvisk til en kollega")
        self.page.get_by_label("Kun for kolleger").fill(text)
        self.page.get_by_role("button", name="Hvisk").click()
        expect(self.page.locator("#ture")).to_contain_text(text)

    def give_to(self, colleague: str) -> None:
        """Gives the open conversation to a colleague."""
        self._unfold("Giv samtalen til en kollega")
        self.page.get_by_label("Kollega").select_option(colleague)
        self.page.get_by_role("button", name="Giv videre").click()

    def give_back(self, word: str) -> None:
        """Lets the assistant go on, with a line that the citizen reads."""
        self._unfold("Giv samtalen tilbage til Digispor")
        self.page.get_by_label("En linje om, hvad der skal ske nu").fill(word)
        self.page.get_by_role("button", name="Giv tilbage").click()

    def end(self, cause: str) -> None:
        """Ends the open conversation."""
        self._unfold("Afslut samtalen")
        self.page.get_by_label("Hvorfor var Digispor ikke nok?").select_option(cause)
        self.page.get_by_role("button", name="Afslut", exact=True).click()

    def die(self) -> None:
        """The browser is gone, without a word."""
        self._context.close()

    def _unfold(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).click()
