"""The upskilling tracks, in the municipality's words."""
