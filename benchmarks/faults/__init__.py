"""Faults on purpose: a crowd of citizens, something that breaks under them, and a judge with the databases.

`make chaos` runs the whole suite, tests/e2e/test_faults.py a short version of it. What a citizen was told is
held against what is stored, after everything has come to rest.
"""
