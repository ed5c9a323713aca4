"""Full-text search in what was said: turns that hold every word looked for, or words that begin like it.

SQLite keeps the index as an FTS5 table, PostgreSQL as an index over a tsvector (migration 0013). The index
knows every turn that holds a word. Where that would be half of all turns, a few turns are read instead; both
ways find the same.
"""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, column, false, func, select, table, text

from backend.transcripts.tables import Conversation, ConversationTurn

_WORD = re.compile(r"[^\W_]+")
_WORDS_OF_TURNS = table("conversation_turn_words", column("rowid"))

# What FTS5 leaves inside a word although no word begins with it: accents that stand by themselves.
_ACCENTS = "".join(chr(0x300 + number) for number in range(50) if 0x361F8_08029FDF >> number & 1)
# Where FTS5 lets a word begin: at the start, or behind what is no letter, digit, private sign or accent.
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_BEGINS = rf"(?:\A|(?![{_ACCENTS}{_PRIVATE}])[\W_])[{_ACCENTS}]*"


def words_of(folded_search: str) -> list[str]:
    """The words of what is looked for. What is not a letter or a digit only parts them."""
    return _WORD.findall(folded_search)


def found_by_index(words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """The condition that a turn of a conversation holds every word, answered from the index.

    Args:
        words: The words, without case.
        dialect: "sqlite" or "postgresql".
    """
    if not words:
        return false()
    said = select(ConversationTurn.conversation_id).where(_indexed(words, dialect))
    if dialect == "postgresql":
        # Or it would ask its index again for each conversation, where it expects few of them.
        said = select(said.cte("said").prefix_with("MATERIALIZED").c.conversation_id)
    return Conversation.id.in_(said)


def found_by_reading(words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """The same condition, answered by reading the turns of each conversation that is asked about.

    Args:
        words: The words, without case.
        dialect: "sqlite" or "postgresql".
    """
    if not words:
        return false()
    # Most turns do not hold the letters, which is seen faster than where words begin.
    letters = [ConversationTurn.folded_text.contains(word) for word in words]
    if dialect == "sqlite":
        begins = [ConversationTurn.folded_text.regexp_match(_BEGINS + word) for word in words]
    else:
        # No longer what is indexed: PostgreSQL would go through the index again for each conversation.
        begins = [_matches(ConversationTurn.folded_text.concat(""), words)]
    of_conversation = ConversationTurn.conversation_id == Conversation.id
    said = select(text("1")).select_from(ConversationTurn).where(of_conversation, *letters, *begins)
    # With a limit it stays a question to each conversation; PostgreSQL would turn EXISTS into one to all.
    return said.limit(1).correlate(Conversation).scalar_subquery().is_not(None)


def _indexed(words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    if dialect == "sqlite":
        # Quoted, a word is nothing but a word; the star lets it go on.
        query = " ".join(f'"{word}"*' for word in words)
        matching = text("conversation_turn_words MATCH :words").bindparams(words=query)
        return ConversationTurn.position.in_(select(_WORDS_OF_TURNS.c.rowid).where(matching))
    return _matches(ConversationTurn.folded_text, words)


def _matches(folded_text: SQLColumnExpression[str], words: Sequence[str]) -> ColumnElement[bool]:
    """PostgreSQL's condition that a text holds every word, or one that begins like it."""
    query = " & ".join(f"'{word}':*" for word in words)
    held = func.to_tsvector(text("'simple'"), folded_text)
    return held.op("@@")(func.to_tsquery(text("'simple'"), query))
