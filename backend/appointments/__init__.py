"""Meetings that the staff book, move and cancel for a citizen, who is told in the same transaction."""
