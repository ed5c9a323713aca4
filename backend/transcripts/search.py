"""Full-text search in what was said: turns that hold every word looked for, or words that begin like it.

SQLite keeps the index as an FTS5 table, PostgreSQL as an index over a tsvector (migration 0013).
"""

import re

from sqlalchemy import ColumnElement, column, false, func, select, table, text

from backend.transcripts.tables import ConversationTurn

_WORD = re.compile(r"[^\W_]+")
_WORDS_OF_TURNS = table("conversation_turn_words", column("rowid"))


def holds(folded_search: str, dialect: str) -> ColumnElement[bool]:
    """The condition that a turn holds every word, or one that begins like it.

    Args:
        folded_search: What is looked for, without case. What is not a letter or a digit only parts words.
        dialect: "sqlite" or "postgresql".
    """
    words = _WORD.findall(folded_search)
    if not words:
        return false()
    if dialect == "sqlite":
        # Quoted, a word is nothing but a word; the star lets it go on.
        query = " ".join(f'"{word}"*' for word in words)
        matching = text("conversation_turn_words MATCH :words").bindparams(words=query)
        return ConversationTurn.position.in_(select(_WORDS_OF_TURNS.c.rowid).where(matching))
    query = " & ".join(f"'{word}':*" for word in words)
    indexed = func.to_tsvector(text("'simple'"), ConversationTurn.folded_text)
    return indexed.op("@@")(func.to_tsquery(text("'simple'"), query))
