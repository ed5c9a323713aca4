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
    MenuEntry("desk", "Vagt", Right.WORK_ON_CASES),
    MenuEntry("reviews", "Gennemgang", Right.READ_CASES),
    MenuEntry("meetings", "Møder", Right.READ_CASES),
    MenuEntry("waiting", "Har ventet", Right.OVERSEE),
    MenuEntry("rights_requests", "Ønsker om data", Right.OVERSEE),
    MenuEntry("sms", "Sms", Right.INVITE),
    MenuEntry("figures", "Tal", Right.SEE_FIGURES),
    MenuEntry("training", "Rettelser", Right.TRAIN),
    MenuEntry("accounts", "Brugere", Right.ADMINISTER),
    MenuEntry("teams", "Team", Right.ADMINISTER),
    MenuEntry("audit", "Log", Right.ADMINISTER),
    MenuEntry("deletion", "Sletning", Right.ADMINISTER),
)
