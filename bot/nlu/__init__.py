"""Components that run inside the Rasa server's language understanding."""
