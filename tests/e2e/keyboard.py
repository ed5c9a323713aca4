"""The chat as it is used by somebody who has a keyboard and no mouse."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import SEND_ANSWER, Chat

# More stops than the page has.
MOST_STOPS = 80
# What has the focus, also inside the chat, and the name it is known by.
FOCUSED = """() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const name = element.closest('label')?.textContent ?? element.textContent;
    return [element.type === 'radio' ? 'radio' : element.localName, name.trim()];
}"""


class KeyboardChat(Chat):
    """Moves with Tab and the arrow keys, and answers with Enter and Space."""

    def choose(self, title: str | re.Pattern[str]) -> None:
        """Gives the answer with that title."""
        expect(self._answers(title).first).to_be_visible()
        if self.page.get_by_role("radio", name=title).count():
            self._go_to("radio", re.compile(""))
            self.page.keyboard.press("Space")
            while not re.search(title, self._focused()[1]):
                self.page.keyboard.press("ArrowDown")
            self._go_to("button", SEND_ANSWER)
        else:
            self._go_to("button", title)
        self.page.keyboard.press("Enter")
        self._keeps_the_focus()

    def type(self, text: str) -> None:
        """Writes a message."""
        self._go_to("textarea", re.compile(""))
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self._keeps_the_focus()

    def _go_to(self, kind: str, name: str | re.Pattern[str]) -> None:
        for _ in range(MOST_STOPS):
            focused, its_name = self._focused()
            if focused == kind and re.search(name, its_name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to the {kind} {name!r}")

    def _keeps_the_focus(self) -> None:
        assert self._focused()[0] != "body", "the focus is lost"

    def _focused(self) -> tuple[str, str]:
        kind, name = self.page.evaluate(FOCUSED)
        return kind, name
