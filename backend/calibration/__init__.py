"""Measures the items from stored answers: `make calibrate`, and nothing while serving.

`answers` reads the database, `estimation` estimates with mirt, `fairness` compares groups, `comparison` tells
what would change, `report` says it in Danish, `versions` writes the files. A stored result is never changed.
"""
