"""The municipality's OpenID provider: who somebody is, said by it and checked here.

This room knows tokens and claims. What somebody may do in the console is the console's to say.
"""
