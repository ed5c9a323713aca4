"""Custom actions: read slots, call the backend, set slots, speak; no rule about skills, tracks or times."""
