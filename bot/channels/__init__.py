"""How citizens reach Digispor: one module a channel, one intake shared by all of them."""
