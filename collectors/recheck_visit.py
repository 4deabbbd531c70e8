"""One round of questions to one kind of source: what stands, what is gone, and of what nothing could be told.

It hands nothing over; `collectors.recheck` does. A page that stands leaves nothing behind here, no word of it is kept.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from collectors.health import HealthState
from collectors.health_states import GOOD
from collectors.kinds import Kind
from collectors.politeness import retry_after
from collectors.readers.reader import Answer, Ask, Page
from collectors.recheck_due import Held
from collectors.recheck_ways import Question, Way
from collectors.robots import HostManners
from collectors.spiders.meaning import DAY, back_off

_MOST_FAILURES = 3


class RecheckVisit:
    """Asks until every post was asked for, the source wants rest, or a third failure in a row."""

    def __init__(
        self, kind: Kind, way: Way, held: Sequence[Held], manners: HostManners, require_permission: Callable[[], object]
    ) -> None:
        self.kind = kind
        self.over = False
        self.stands: set[UUID] = set()
        self.gone: set[UUID] = set()
        self.cost = 0
        self._way = way
        self._questions: deque[Question] = deque(way.questions(held))
        self._current = Question(Ask(""))
        self._manners = manners
        self._require_permission = require_permission
        self._failures = 0
        self.empty = not self._questions

    def permit(self, address: str) -> None:
        """Pass one request, or raise why not: the order is over, or the host asked to be left alone."""
        self._require_permission()
        self._manners.require_rest_over(address)

    def first(self) -> Ask:
        """The first request of a round that is not empty."""
        self._require_permission()
        self._current = self._questions.popleft()
        return self._current.ask

    def take(self, answer: Answer, *, kept_out: bool) -> Ask | None:
        """What an answer says, and what to ask next. That a page wants to stay out of stores does not matter here."""
        try:
            page = self._way.read(answer)
        except Exception as fault:
            page = Page(state=HealthState.MISPARSED, reason=type(fault).__name__)
        if page.state is HealthState.SLOWED:
            asked = retry_after(answer.headers, answer.seen_at) or 0
            self._manners.stay_away(answer.url, min(max(page.wait, asked), DAY) or back_off(self._failures))
        return self.conclude(page, answer.seen_at, answer)

    def conclude(self, page: Page, now: datetime, answer: Answer | None = None) -> Ask | None:
        """What follows from a page, which may be the news that there was none."""
        self.cost += page.cost
        posts = self._current.posts
        if page.state in GOOD and page.next:
            self._questions.extendleft(Question(ask, _asked(ask, posts)) for ask in reversed(page.next))
        elif page.state in GOOD:
            self._told(posts, page)
        self._failures = 0 if page.state in GOOD else self._failures + 1
        # A public page's host answers for itself alone; an API that refuses or fails does so for every question.
        ends = self.kind.official and (
            page.state in (HealthState.SLOWED, HealthState.BLOCKED) or self._failures >= _MOST_FAILURES
        )
        if ends or not self._questions:
            self.over = True
            return None
        self._current = self._questions.popleft()
        return self._current.ask

    def _told(self, posts: Mapping[str, Held], page: Page) -> None:
        """Which post an unreadable item is cannot be told: beside one, only what was read stands."""
        gone = {one.native_id for one in page.gone}
        read = {one.native_id for one in page.posts} if page.set_aside else set(posts)
        for name, held in posts.items():
            if name in gone:
                self.gone.add(held.due.post_id)
            elif name in read:
                self.stands.add(held.due.post_id)


def _asked(ask: Ask, posts: Mapping[str, Held]) -> Mapping[str, Held]:
    """Which of these posts a following request names."""
    names = ask.carry.get("ids", "").split(",")
    return {name: posts[name] for name in names if name in posts}
