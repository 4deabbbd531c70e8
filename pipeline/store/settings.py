"""The detection settings that are live now, as the database has them. Making versions is the tuning room's work."""

from sqlalchemy import Connection, text

from signals.settings_version import DetectionSettings

_ACTIVE = text("""
    SELECT CAST(v.body AS text) FROM active_settings a JOIN settings_versions v ON v.version = a.version
""")

_ONE = text("SELECT CAST(body AS text) FROM settings_versions WHERE version = :version")


def active(connection: Connection) -> DetectionSettings | None:
    """The active settings, or None where the shipped ones still hold."""
    body = connection.execute(_ACTIVE).scalar_one_or_none()
    return None if body is None else DetectionSettings.model_validate_json(body)


def version(connection: Connection, name: str) -> DetectionSettings | None:
    """The settings of one version that the team made, active or not; None when there is no such version."""
    body = connection.execute(_ONE, {"version": name}).scalar_one_or_none()
    return None if body is None else DetectionSettings.model_validate_json(body)
