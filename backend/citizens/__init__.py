"""The citizens who talk to Digispor: one for each conversation."""
