"""Simulated citizens who write to the running assistant in their own words; `make evaluate-conversations`."""
