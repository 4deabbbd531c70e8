"""Time expressions in Dutch, English and street spelling, as intervals relative to when a post was written.

Works in Europe/Amsterdam, daylight saving included. It does not judge whether the text announces anything.
"""

from nlp.times.find import find_times
from nlp.times.instant import AMSTERDAM
from nlp.times.mention import VAGUE, TimeMention, soonest

__all__ = ["AMSTERDAM", "VAGUE", "TimeMention", "find_times", "soonest"]
