"""What recipients of one signal may say to each other: closed messages as data, and how long free words may be.

Lines are about what people do and see at a place. The police choose from the list and type nothing.
"""

from enum import StrEnum


class ClosedMessage(StrEnum):
    """A line that is chosen, not typed."""

    ON_SITE = "on_site"
    ON_OUR_WAY = "on_our_way"
    THERE_IN_TIME = "there_in_time"
    PLEASE_CALL = "please_call"
    FOUND_CALM = "found_calm"
    KEEPING_WATCH = "keeping_watch"
    DONE_FOR_NOW = "done_for_now"
    CANNOT_COME = "cannot_come"


CLOSED_MESSAGE_LABELS: dict[ClosedMessage, str] = {
    ClosedMessage.ON_SITE: "Wij zijn ter plaatse.",
    ClosedMessage.ON_OUR_WAY: "Wij gaan langs.",
    ClosedMessage.THERE_IN_TIME: "Wij zijn er op het genoemde moment.",
    ClosedMessage.PLEASE_CALL: "Graag bellen.",
    ClosedMessage.FOUND_CALM: "Rustig aangetroffen.",
    ClosedMessage.KEEPING_WATCH: "Wij blijven kijken.",
    ClosedMessage.DONE_FOR_NOW: "Voor nu klaar.",
    ClosedMessage.CANNOT_COME: "Wij kunnen nu niet komen.",
}

LONGEST_WORDS = 280
"""Longest free line, in code points, as typed and as masked."""
MOST_LINES = 100
"""Lines in one thread."""
MOST_OF_ONE = 30
"""Lines of one recipient in one thread, so that none fills it alone."""
