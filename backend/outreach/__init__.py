"""Writing to citizens who have not just written: whether they want it, and what they are sent."""
