"""The assessment's own refusals."""

from backend.problems import Conflict


class NotCurrentItem(Conflict):
    """The answer is to another item than the one being asked."""

    slug, title = "not-current-item", "That is not the item being asked now"


class AssessmentFinished(Conflict):
    """The assessment has ended; nothing can be added or taken back."""

    slug, title = "assessment-finished", "The assessment has ended"


class NothingToUndo(Conflict):
    """There is no answer to take back."""

    slug, title = "nothing-to-undo", "There is no answer to take back"
