"""What whoever looks after the backend can see of it: what it counts, and what waits in it."""
