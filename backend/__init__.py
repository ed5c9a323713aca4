"""Digispor's backend: it decides and remembers, and serves the API, the console and the demo page."""

VERSION = "0.1.0"
