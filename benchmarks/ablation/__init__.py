"""Other ways to read Danish, measured beside the one in config.yml; `make ablation` runs it."""
