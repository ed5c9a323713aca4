"""How the console says that there is news, in Danish."""

from typing import TypedDict

MOST_COUNTED = 99


class News(TypedDict):
    """What is new, and what the link that shows it is called."""

    text: str
    show: str


def conversations(count: int) -> News:
    """Conversations with something new in them; a count above `MOST_COUNTED` stands for any."""
    if count > MOST_COUNTED:
        return News(text=f"Mere end {MOST_COUNTED} samtaler har nyt.", show="Vis dem")
    if count == 1:
        return News(text="1 samtale har nyt.", show="Vis den")
    return News(text=f"{count} samtaler har nyt.", show="Vis dem")


def turns(count: int) -> News:
    """Messages that are new in a conversation."""
    if count == 1:
        return News(text="1 ny besked.", show="Vis den")
    return News(text=f"{count} nye beskeder.", show="Vis dem")
