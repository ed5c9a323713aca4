"""What citizens may ask about their own data: to see, to get and to erase it. Why so: docs/adr/0020."""
