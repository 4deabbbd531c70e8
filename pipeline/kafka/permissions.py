"""Permissions (ACLs) on the brokers against the table of `pipeline.topic_access`: finds what differs and mends it.

It takes away what our own processes and the systems of partners have too much; what others were given it only reports.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import SecurityDisabledError

from pipeline.kafka.faults import BrokerAway, BrokerRefuses
from pipeline.topic_access import PROCESSES, Grant, grants, reading
from pipeline.topics import DECISIONS_PREFIX, TOPICS, System, decisions

_PATIENCE = 30.0
_OURS = frozenset(f"User:{process.login}" for process in PROCESSES)
_OUR_TOPICS = frozenset(topic.name for topic in TOPICS)
_EVERYTHING = ACLFilter(
    principal=None,
    host=None,
    operation=ACLOperation.ANY,
    permission_type=ACLPermissionType.ANY,
    resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)


@dataclass(frozen=True)
class Difference:
    """What the brokers lack, what processes and systems have too much, and what others can do with our topics."""

    missing: tuple[Grant, ...]
    surplus: tuple[ACL, ...]
    strangers: tuple[ACL, ...]


def difference(admin: KafkaAdminClient, systems: Sequence[System] | None = None) -> Difference | None:
    """How the brokers differ from the table; None when they check no permissions at all.

    `systems` are all systems of partners; None: what each has on its own topic is left as it is.
    """
    try:
        present, _ = admin.describe_acls(_EVERYTHING)
    except SecurityDisabledError:
        return None
    wanted = {_key(_acl(grant)): grant for grant in grants(systems or ())}
    keys = {_key(acl) for acl in present}
    ended = {_key(_acl(grant)) for system in systems or () for grant in reading(system)} - wanted.keys()
    return Difference(
        missing=tuple(sorted(grant for key, grant in wanted.items() if key not in keys)),
        surplus=tuple(
            acl for acl in present if (acl.principal in _OURS and _key(acl) not in wanted) or _key(acl) in ended
        ),
        strangers=tuple(acl for acl in present if _key(acl) not in {*wanted, *ended} and _opens_to_others(acl)),
    )


def mend(admin: KafkaAdminClient, differing: Difference, systems: Sequence[System] | None = None) -> list[str]:
    """Give what is missing, take away what is too much; what was done, one line each."""
    if differing.missing:
        answer = admin.create_acls([_acl(grant) for grant in differing.missing])
        if answer["failed"]:
            raise BrokerRefuses(f"Kafka did not take {len(answer['failed'])} permissions; is this log-in a super user?")
    if differing.surplus:
        admin.delete_acls([_as_filter(acl) for acl in differing.surplus])
    _wait_until_in_force(admin, systems)
    return [f"allowed: {grant}" for grant in differing.missing] + [
        f"took away: {_said(acl)}" for acl in differing.surplus
    ]


def _wait_until_in_force(admin: KafkaAdminClient, systems: Sequence[System] | None) -> None:
    """A broker takes permissions over from the controller a little later; a worker that starts before is refused."""
    deadline = time.monotonic() + _PATIENCE
    while (left := difference(admin, systems)) is not None and (left.missing or left.surplus):
        if time.monotonic() > deadline:
            raise BrokerAway("the permissions are not in force yet; run seinpost topics apply again")
        time.sleep(0.1)


def as_lines(differing: Difference) -> list[str]:
    """What differs, one line each, with what to do."""
    return [
        *(f"missing permission: {grant}; run seinpost topics apply" for grant in differing.missing),
        *(f"permission too much: {_said(acl)}; run seinpost topics apply" for acl in differing.surplus),
        *(
            f"others can use our topics: {_said(acl)}; take that away on the broker, unless it is meant"
            for acl in differing.strangers
        ),
    ]


def _opens_to_others(acl: ACL) -> bool:
    """Whether someone outside the table can do something with a topic of ours; a system may read that of its name."""
    where = acl.resource_pattern
    if acl.principal in _OURS or where.resource_type is not ResourceType.TOPIC:
        return False
    if acl.permission_type is not ACLPermissionType.ALLOW:
        return False
    looks = acl.operation in (ACLOperation.READ, ACLOperation.DESCRIBE)
    literal = where.pattern_type is ACLResourcePatternType.LITERAL
    own = looks and literal and where.resource_name == decisions(acl.principal.removeprefix("User:")).name
    return not own and any(_covered(where))


def _covered(where: ResourcePattern) -> Iterable[str]:
    if where.resource_name == "*":
        return _OUR_TOPICS
    if where.pattern_type is ACLResourcePatternType.PREFIXED:
        begins = where.resource_name
        for_systems = begins.startswith(DECISIONS_PREFIX) or DECISIONS_PREFIX.startswith(begins)
        return [begins] if for_systems else [name for name in _OUR_TOPICS if name.startswith(begins)]
    for_one = where.resource_name.startswith(DECISIONS_PREFIX)
    return [where.resource_name] if for_one else _OUR_TOPICS & {where.resource_name}


def _acl(grant: Grant) -> ACL:
    return ACL(
        principal=grant.principal,
        host="*",
        operation=ACLOperation[grant.operation.name],
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(
            ResourceType[grant.resource.name],
            grant.name,
            ACLResourcePatternType.PREFIXED if grant.prefixed else ACLResourcePatternType.LITERAL,
        ),
    )


def _as_filter(acl: ACL) -> ACLFilter:
    where = acl.resource_pattern
    return ACLFilter(
        principal=acl.principal,
        host=acl.host,
        operation=acl.operation,
        permission_type=acl.permission_type,
        resource_pattern=ResourcePatternFilter(where.resource_type, where.resource_name, where.pattern_type),
    )


def _key(acl: ACL) -> tuple[object, ...]:
    where = acl.resource_pattern
    place = (where.resource_type, where.resource_name, where.pattern_type)
    return (acl.principal, acl.host, acl.operation, acl.permission_type, *place)


def _said(acl: ACL) -> str:
    where = acl.resource_pattern
    prefix = " (and all that begin so)" if where.pattern_type is ACLResourcePatternType.PREFIXED else ""
    verb = "may" if acl.permission_type is ACLPermissionType.ALLOW else "may not"
    kind = where.resource_type.name.lower()
    return f"{acl.principal} {verb} {acl.operation.name.lower()} {kind} {where.resource_name}{prefix}"
