"""Who may see and mend what lies aside. It reads no database."""

from pipeline.store.users import User, UserRole


def mends(user: User) -> bool:
    """Whether a user tunes or manages this installation."""
    return user.has(UserRole.TUNER) or user.has(UserRole.ADMIN)
