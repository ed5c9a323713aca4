"""Reviews: what staff think of a conversation, and which ones they look through this week.

`service` keeps what is noted about one conversation. `draw` chooses the week's queue; it knows no database.
Nothing of it is ever shown to the citizen.
"""
