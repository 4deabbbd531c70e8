"""An invented source for tests of the visiting frame: a list in JSON, newest first, with pages that lead back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.health import HealthState
from collectors.readers.reader import Answer, Ask, Marks, Page
from collectors.unmasked import UnmaskedPost
from signals.post import Source
from tests.collectors.spiders import web


def listed(numbers: Sequence[int], following: int | None = None) -> web.Page:
    return web.Page(200, json.dumps({"numbers": list(numbers), "next": following}).encode())


@dataclass
class ListReader:
    """Goes back until the newest number of the last visit; its mark holds a name, as a source's marks may."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None

    def first(self, marks: Marks) -> Ask:
        return Ask(self.url, headers=self.headers, form=self.form, step="list")

    def read(self, answer: Answer, marks: Marks) -> Page:
        try:
            said = json.loads(answer.body)
        except ValueError:
            return Page(state=HealthState.MISPARSED, reason="not_json")
        if said.get("fault"):
            raise RuntimeError("qzcanary7")
        numbers = said["numbers"]
        posts = tuple(UnmaskedPost(Source.WEB_PAGE, f"n{n}", "1", n, f"bericht {n} van @qzcanary7") for n in numbers)
        known = int(marks.get("qzcanary7", "0"))
        on = said["next"] is not None and min(numbers) > known + 1
        return Page(
            posts=posts,
            marks={"qzcanary7": str(max(numbers))} if answer.ask.step == "list" else {},
            next=(Ask(f"{self.url}/{said['next']}", step="more", back=True),) if on else (),
            cost=1,
        )

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        return Page(oddities={"gone_already": 1}) if answer.status == 418 else None
