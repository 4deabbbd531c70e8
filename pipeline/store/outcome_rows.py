"""What became of signals that are still kept, beside what the detection had found in them. Read by the owner alone.

One row a signal, by the first post behind it. No id, no place, no reader, no recipient; the masked text only where it
is asked for and still there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from pipeline.quality.outcome_figures import Found, OutcomeRow
from pipeline.quality.outcomes import settle
from signals.analysis import Versions
from signals.label import Category, Lang, Level
from signals.post import Source
from signals.referral import Feedback
from signals.signal import Outcome, RejectReason, SignalState

MOST = 100_000
"""Signals that are looked at: the newest ones."""

# A golden card is no signal. The text goes with what is being evaluated now, and not with a source that took it back.
_ROWS = text("""
SELECT s.state, s.outcome, s.category, s.level, s.lang, s.source, p.analysis, p.moment,
       CASE WHEN :with_text AND s.source_removed_at IS NULL THEN p.text END AS text,
       (SELECT a.reason FROM seinpost.assessments a
         WHERE a.signal_id = s.id AND a.lapsed_at IS NULL AND a.verdict = 'reject'
         ORDER BY a.reading DESC LIMIT 1) AS rejected_for,
       ARRAY(SELECT DISTINCT f.outcome FROM seinpost.referrals r JOIN seinpost.feedback f ON f.referral_id = r.id
              WHERE r.signal_id = s.id) AS answers,
       ARRAY(SELECT DISTINCT e.detail ->> 'reason' FROM seinpost.referrals r
               JOIN seinpost.referral_events e ON e.referral_id = r.id AND e.to_state = 'withdrawn'
              WHERE r.signal_id = s.id AND e.detail ->> 'reason' IS NOT NULL) AS withdrawn_for
  FROM seinpost.signals s
  JOIN LATERAL (SELECT g.analysis, g.text, coalesce(g.posted_at, g.seen_at) AS moment
                  FROM seinpost.sightings g WHERE g.signal_id = s.id ORDER BY g.seen_at, g.post_id LIMIT 1) p ON true
 WHERE s.changed_at >= :since AND s.state <> 'new'
   AND NOT EXISTS (SELECT 1 FROM seinpost.golden_cards c WHERE c.signal_id = s.id)
 ORDER BY s.changed_at DESC
 LIMIT :most
""")


@dataclass(frozen=True)
class KeptOutcome:
    """A row, and the masked text of its post where it may be analysed again."""

    row: OutcomeRow
    text: str | None
    moment: datetime


def kept(connection: Connection, since: datetime, with_text: bool = False) -> Iterator[KeptOutcome]:
    """Every signal that changed since a moment; its analysis as it was stored."""
    rows = connection.execute(_ROWS, {"since": since, "with_text": with_text, "most": MOST}).mappings()
    for row in rows:
        analysis = row["analysis"]
        if "versions" not in analysis:
            continue  # a tip that was never analysed
        settled = settle(
            SignalState(row["state"]),
            RejectReason(row["rejected_for"]) if row["rejected_for"] else None,
            [Feedback(answer) for answer in row["answers"]],
            Outcome(row["outcome"]) if row["outcome"] else None,
            row["withdrawn_for"],
        )
        found = Found(
            bool(analysis["flagged"]),
            Category(analysis["category"]),
            Level(analysis["level"]),
            version_of(Versions.model_validate(analysis["versions"])),
        )
        category, level, lang, source = (
            Category(row["category"]),
            Level(row["level"]),
            Lang(row["lang"]),
            Source(row["source"]),
        )
        yield KeptOutcome(OutcomeRow(settled, category, level, lang, source, found), row["text"], row["moment"])


def version_of(versions: Versions) -> str:
    """Model, terms and settings in one name."""
    return f"{versions.model}/{versions.terms}/{versions.settings}"
