"""Finding a conversation in the console, while the spool may still be bringing it."""

import re

from playwright.sync_api import Locator, Page, expect

# The class that htmx gives a form for as long as its request runs.
ASKING = re.compile("htmx-request")
ROUNDS = 20
ROUND_MS = 500


def search_until(page: Page, words: str, found: Locator) -> None:
    """Searches the list of conversations until it stands still with one match.

    What is clicked while the list moves is not there any more when the mouse comes up.
    """
    for _ in range(ROUNDS):
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("search")).not_to_have_class(ASKING)
        if found.count() == 1:
            return
        page.wait_for_timeout(ROUND_MS)
    raise AssertionError(f"the console does not find {words}")


def find_conversation(page: Page, name: str) -> None:
    """Finds a citizen's conversation, and opens it."""
    # Whoever should not wait stands above the list, too.
    found = page.locator("#samtaler").get_by_role("link", name=re.compile(name))
    search_until(page, name, found)
    found.click()


def reload_until(page: Page, wanted: Locator) -> None:
    """Reloads a page until what is on its way stands there."""
    for _ in range(ROUNDS):
        if wanted.count():
            break
        page.wait_for_timeout(ROUND_MS)
        page.reload()
    expect(wanted).to_be_visible()
