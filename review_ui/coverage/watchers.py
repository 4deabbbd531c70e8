"""Who may see how the sources are doing: everyone who reads, decides or supervises. It reads no database."""

from pipeline.store.users import User, UserRole
from review_ui.access.signed_in import EXPERT_ROLE

SUPERVISOR_ROLE = "seinpost_supervisor"
_SUPERVISING = (
    UserRole.TUNER,
    UserRole.ORDER_APPROVER,
    UserRole.FG,
    UserRole.BOARD,
    UserRole.ADMIN,
    UserRole.AUDITOR,
)


def role_to_watch(user: User) -> str | None:
    """The database role in which a user sees the sources; None for who only receives signals."""
    if user.has(UserRole.EXPERT):
        return EXPERT_ROLE
    return SUPERVISOR_ROLE if any(user.has(role) for role in _SUPERVISING) else None
