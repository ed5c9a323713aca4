"""Placements: the proposed track, what the citizen says about it, and what a caseworker decides."""
