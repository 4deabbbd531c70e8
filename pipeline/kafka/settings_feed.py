"""The detection settings as the settings topic has them; the relay publishes them there from the database."""

import threading

from pydantic import ValidationError

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import TopicFollower
from pipeline.topics import SETTINGS
from signals.settings_version import DetectionSettings

KEY = "detection"


class NoSettings(Exception):
    """The settings topic is empty: the relay has not run yet."""


class KafkaSettings:
    """`SettingsFeed`: reads the topic from its beginning and follows it at every look. For one thread."""

    def __init__(self, bootstrap: Bootstrap) -> None:
        self._topic = TopicFollower(bootstrap, SETTINGS)
        self._current: DetectionSettings | None = None

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the first settings, which come from the relay; False when asked to stop meanwhile."""
        while self._current is None and not stop.is_set():
            self._follow(0.5)
        return self._current is not None

    def current(self) -> DetectionSettings:
        """The newest settings."""
        self._follow(0.0)
        if self._current is None:
            raise NoSettings("there are no detection settings on the road yet; start `seinpost work relay`")
        return self._current

    def close(self) -> None:
        """Let go of the connection."""
        self._topic.close()

    def _follow(self, seconds: float) -> None:
        for message in self._topic.news(seconds):
            try:
                self._current = DetectionSettings.model_validate_json(message.value)
            except ValidationError:
                continue  # settings of a newer version of Seinpost: the last ones we understand stay in force
