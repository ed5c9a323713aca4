"""How long each kind of data is kept, and what deletes it when its time is up. Why so: docs/adr/0022."""
