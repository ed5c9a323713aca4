"""Measurements: each module prints a table, and is run by `make bench` or `make evaluate`."""
