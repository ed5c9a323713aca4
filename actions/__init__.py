"""Custom actions: read slots, call the backend, set slots, speak. No rule about skills, tracks or times lives here."""
