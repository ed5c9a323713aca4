"""How changes are numbered."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base

ONLY_ROW = 1


class ChangeCounter(Base):
    """The number of the latest change, in its only row."""

    __tablename__ = "change_counter"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
