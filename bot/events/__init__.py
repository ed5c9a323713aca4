"""What happens in conversations, on its way to the backend: a durable spool, and a sender that empties it."""
