"""Teams: which part of the municipality a conversation belongs to, and whose conversations somebody may see.

A conversation begins in the team that receives (`INTAKE`) and follows the consultant whom the citizen books.
"""
