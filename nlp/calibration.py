"""From the encoder's raw number to a probability, at the reference share of actionable posts in the model card."""

from nlp.heads import probability
from signals.frozen import Frozen

REFERENCE_SHARE = 0.35


class Calibration(Frozen):
    """Platt scaling, fitted on posts the model was not trained on and moved to the reference share."""

    slope: float
    offset: float

    def score(self, logit: float) -> float:
        """Calibrated probability, rounded to the four decimals that thresholds are compared in."""
        return round(probability(self.slope * logit + self.offset), 4)
