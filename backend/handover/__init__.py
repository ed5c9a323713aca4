"""The live handover: who owns a conversation, the queue for a person, and what caseworkers write to citizens.

`ownership` and `queue` decide without I/O. `service` is the citizen's side; `desk_reading` is what a
caseworker sees and `desk_service` what they do; `desk` takes a conversation in the two steps that keep the
assistant silent; `upkeep` and `delivery` go on by themselves while the backend runs.
"""
