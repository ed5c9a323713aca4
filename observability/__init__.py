"""What the three processes share to be looked after: log lines, one id a message, metrics, room on disk.

A package of its own, in plain Python, because both deployables need the same: an id must mean the same and
nothing personal must be logged on either side.
"""
