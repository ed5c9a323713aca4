"""Sets Digispor up, runs it and tests it; needs only Python 3.8 or newer."""
