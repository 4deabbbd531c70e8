"""The detection settings that come with the product. Light to import: it loads no model."""

from pathlib import Path

from signals.settings_version import DetectionSettings

PATH = Path(__file__).parent / "data" / "settings.json"


def default_settings() -> DetectionSettings:
    """The shipped settings; thresholds were chosen on posts held out of training."""
    return DetectionSettings.model_validate_json(PATH.read_bytes())
