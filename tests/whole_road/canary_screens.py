"""Forms of the screens filled with canaries by people who are logged in, and one signal taken through to recipients."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.canary.canaries import CORE
from tests.whole_road.canary_texts import LINK, everything, one_of_each

_THREAT = "vanmiddag om 4 uur bij station Krommenie-Assendelft gaan we vechten, neem een mes mee"
REASON = f"nakijken of @{CORE} of 06 91 82 73 64 dit schreef"


class Visitor:
    """Someone's browser, without the browser."""

    def __init__(self, client: httpx.Client, username: str, password: str) -> None:
        self._client = client
        page = client.get("/inloggen").text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf": token[1], "username": username, "password": password}
        assert client.post("/inloggen", data=form).status_code == 303
        self._csrf = client.get("/api/v1/session").json()["csrf"]

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        return self._client.post(path, data={**fields, "csrf": self._csrf})

    def call(self, path: str, body: object) -> httpx.Response:
        """Call the API."""
        return self._client.post(path, json=body, headers={"X-CSRF-Token": self._csrf})

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._client.get(path)


@contextmanager
def visitor(address: str, username: str, password: str) -> Iterator[Visitor]:
    """Someone logged in, with a canary in every header that a browser sends."""
    headers = {"User-Agent": f"@{CORE}", "Referer": f"https://{CORE}.invalid/"}
    with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        yield Visitor(client, username, password)


def knock(address: str) -> None:
    """Strangers with canaries in the address, the log-in form and a broken request."""
    with httpx.Client(base_url=address, timeout=60) as client:
        page = client.get("/inloggen", params={"verder": f"/@{CORE}"}).text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf": token[1], "username": f"@{CORE}", "password": f"{CORE} 06 91827364", "verder": f"/@{CORE}"}
        assert client.post("/inloggen", data=form).status_code == 403
        for path in (f"/@{CORE}", f"/signaal/{CORE}", f"/api/v1/signals/{CORE}?q=06+91827364", f"/static/{CORE}.js"):
            assert client.get(path).status_code in (303, 401, 404, 422)
        client.post("/melden/tip", content=everything().encode() + b"\xff\xfe")
        client.post(f"/api/v1/signals/{CORE}/claim", content=b'{"' + CORE.encode())


def hand_in(who: Visitor) -> int:
    """Tips and observations through the forms, good and bad; the answer is how many were taken."""
    good = [who.send("/melden/tip", tekst=f"{_THREAT}. {everything()}"[:4900], link=LINK)]
    for canary in one_of_each():
        link = canary.written if canary.kind == "link" else ""
        good.append(who.send("/melden/tip", tekst=f"{_THREAT}. {canary.written} , zegt {canary.kind}", link=link))
        good.append(
            who.send(
                "/melden/waarneming",
                wat=f"{_THREAT}. {canary.written} , neem iedereen mee",
                waar=f"bij de sluis. {canary.written} , daar",
                wanneer=f"nu. {canary.written} , dus",
                hoeveel=f"tien. {canary.written} , ongeveer",
            )
        )
    assert [answer.status_code for answer in good] == [303] * len(good)
    bad = [
        who.send("/melden/tip", tekst=everything(), link=f"@{CORE}"),
        who.send("/melden/tip", tekst=f"data:image/png;base64,{CORE}"),
        who.send("/melden/tip", tekst=everything() * 8),
        who.send("/melden/tip", tekst=everything(), link=LINK + "x" * 3000),
        who.send("/melden/waarneming", wat=everything(), waar="", wanneer=f"@{CORE}"),
        who.get(f"/melden?gedaan=@{CORE}"),
        who.call("/melden/tip", {"tekst": everything()}),
    ]
    assert all(answer.status_code < 500 for answer in bad)
    return len(good)


def open_link(who: Visitor, signal_id: object) -> str:
    """The page on which an expert reads a sealed link; the reason that is typed names someone."""
    answer = who.send(f"/signaal/{signal_id}/openen", wat="link", reden=REASON)
    assert answer.status_code == 200, answer.text[-500:]
    return answer.text


def confirm(who: Visitor, signal_id: object, reading: int) -> None:
    """One confirming reading."""
    assert who.call(f"/api/v1/signals/{signal_id}/claim", {}).status_code == 200
    judged = {
        "reading": reading,
        "verdict": "confirm",
        "reason": "call_with_time_and_place",
        "category": "confrontation",
        "level": "concreet",
        "duiding": "Oproep met tijd en plaats.",
    }
    answer = who.call(f"/api/v1/signals/{signal_id}/assessments", judged)
    assert answer.status_code == 201, answer.text


def forward(who: Visitor, signal_id: object) -> int:
    """Send a confirmed signal to everyone whom the directory proposes; the answer is how many."""
    rows = who.get(f"/api/v1/signals/{signal_id}/proposals").json()
    contacts = [row["contact_id"] for row in rows if row["hindrance"] is None]
    answer = who.call(f"/api/v1/signals/{signal_id}/referrals", {"contact_ids": contacts})
    assert answer.status_code == 201, answer.text
    return len(answer.json()["referral_ids"])
