"""One bounded HTTPS call to a partner's system, and what its answer means. The answer's body is never read.

No redirect is followed, no proxy of the environment is used, and nothing the other side says is kept.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from forwarding.channels import addresses
from forwarding.channels.addresses import AddressRefused, NameUnknown, Resolve
from forwarding.channels.channel import Outcome

EndpointKey = Callable[[UUID], bytes | None]
"""The secret that an endpoint and we share, from the key folder; None when it has none."""


@dataclass(frozen=True)
class Caller:
    """How calls are made. `loopback_allowed` is for tests alone: with it a receiver may be on this machine."""

    trust: ssl.SSLContext
    loopback_allowed: bool = False
    timeout: float = 10.0
    look_up: Resolve = addresses.resolve

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Post, and say what came of it. Takes at most `timeout` seconds in all, however slow the other side is."""
        answer = await self.ask(url, headers, body)
        return answer if isinstance(answer, Outcome) else meaning(answer)

    async def ask(self, url: str, headers: Mapping[str, str], body: bytes) -> int | Outcome:
        """The status that came, or why none came; bounded like `post`."""
        try:
            async with asyncio.timeout(self.timeout):
                where = await addresses.target(url, self.loopback_allowed, self.look_up)
                return await self._status(where, headers, body)
        except AddressRefused:
            return Outcome.ADDRESS_REFUSED
        except (NameUnknown, TimeoutError):
            return Outcome.UNREACHABLE
        except httpx.HTTPError as error:
            return Outcome.NOT_ENCRYPTED if _is_tls(error) else Outcome.UNREACHABLE

    async def _status(self, where: addresses.Target, headers: Mapping[str, str], body: bytes) -> int:
        # A client for each call: connections are kept by address, and two names may share one.
        async with httpx.AsyncClient(
            verify=self.trust, follow_redirects=False, trust_env=False, timeout=self.timeout
        ) as client:
            request = client.build_request(
                "POST",
                where.url,
                content=body,
                headers={**headers, "Host": where.named, "Accept-Encoding": "identity", "User-Agent": "Seinpost"},
                extensions={"sni_hostname": where.host},  # the name that the certificate must bear
            )
            answer = await client.send(request, stream=True)
            await answer.aclose()
            return answer.status_code


def meaning(status: int) -> Outcome:
    """What a status says about a notice."""
    match status:
        case _ if 200 <= status < 300:
            return Outcome.ACCEPTED
        case _ if 300 <= status < 400:
            return Outcome.REDIRECTED
        case 400 | 401 | 403:
            return Outcome.NOT_VERIFIED  # our secret or our clock is not theirs: mend it, then the next try works
        case 408 | 409 | 425 | 429:
            return Outcome.TRY_LATER
        case _ if status < 500:
            return Outcome.REFUSED
        case _:
            return Outcome.TRY_LATER


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates count: this machine's authorities, or those of one file instead."""
    return ssl.create_default_context(cafile=ca_file)


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    for _ in range(8):
        if seen is None:
            return False
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
