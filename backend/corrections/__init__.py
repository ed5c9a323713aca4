"""Corrections: what a citizen's message should have been understood as, on its way to the training data.

A caseworker makes one from a turn; `masking` takes personal data out before it is stored. A trainer, who
sees no citizen, approves or rejects it beside what `known` tells of data/nlu. `export` writes the approved
ones as Rasa's training data, `story` a conversation as a test.
"""
