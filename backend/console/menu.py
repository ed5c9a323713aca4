"""The pages that the console's menu leads to, in its order."""

from dataclasses import dataclass

from backend.console.rights import Right


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page by its name, what it is called, and the right it asks for."""

    name: str
    title: str
    right: Right


MENU = (
    MenuEntry("conversations", "Samtaler", Right.READ_CASES),
    MenuEntry("meetings", "Dagens møder", Right.READ_CASES),
    MenuEntry("sms", "Sms", Right.INVITE),
)
