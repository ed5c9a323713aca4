"""Refusals about citizens' rights."""

from backend.problems import Conflict


class IdentityNotShown(Conflict):
    """It has not been shown, or not lately, that it is the citizen who asks."""

    slug, title = "identity-not-shown", "It has not been shown that it is the citizen who asks"


class TooManyCodes(Conflict):
    """So many codes have gone to a number that no more are sent for a while."""

    slug, title = "too-many-codes", "No more codes are sent to this number for a while"


class MeetingUndecided(Conflict):
    """The citizen has a coming meeting and has not said what is to become of it."""

    slug, title = "meeting-undecided", "There is a coming meeting, to be kept or cancelled"


class ErasureBegun(Conflict):
    """The erasure has begun and cannot be taken back."""

    slug, title = "erasure-begun", "The erasure has begun"


class PersonThere(Conflict):
    """A caseworker has the conversation, or is about to: nothing is erased under their hands."""

    slug, title = "person-there", "A caseworker has the conversation"
