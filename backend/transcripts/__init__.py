"""What was said in conversations: taken in from Rasa's events, and told again to caseworkers.

Rasa's events arrive in batches, perhaps twice and perhaps late. Each is kept once as it came, and adds to the
read model in a way that does not depend on the order: turns are sorted by the time they were spoken, and a
conversation remembers the first or latest time of what matters. So nothing ever has to be rebuilt.
"""
