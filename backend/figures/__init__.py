"""Figures: how the service goes, in counts of conversations, without anything about a single citizen.

Every count passes the rule in `disclosure` before it leaves this room.
"""
