"""How fast the console answers with as much stored as a large municipality gathers in two years."""
