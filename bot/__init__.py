"""What runs inside the Rasa server: channels, language components, responses, and the way of events out."""
