"""How often a short self-assessment places a person as the whole bank would."""
