"""The model card: what the model is for and not for, what it learned from, how it was measured."""

from collections.abc import Mapping

from nlp.calibration import REFERENCE_SHARE

_TEXT = """# Model card: {version}

A multilingual encoder (multilingual-e5-small, pruned to 52,000 tokens, MIT) fine-tuned with heads for actionable,
category, imminent, genre and the five facts, and a gate of character n-grams before it.

## For
Sorting public posts for a team of experts: which ones an expert should look at today, and why.

## Not for
- No judgement of persons: it reads one post at a time and knows no author.
- No evidence: a score says how a text resembles invented examples, never what somebody will do.
- No automatic action: nothing may leave the system on its answer; two people decide.
- Not for private messages, not for other languages than Dutch, English and the mixtures in the training data.

## Score
Calibrated probability that a post is actionable where {share:.0%} of the posts are. In a real stream far fewer are:
the threshold, not the score, is chosen for that.

## Learned from
Invented posts and real ordinary posts as harmless examples (read for training, not kept in the product):

{files}

Known limits: invented posts by few hands; almost no ordinary posts by Dutch young people; words of minority languages
were not checked by native speakers; rough language in lyrics is the hardest harmless class.

## Plan
{plan}

## Held-out figures
Each network was trained without another tenth of the groups of posts and measured on it; these are those measurements
together, and calibration and threshold were chosen on them. Where there are several, the model is their mean, which has
seen every post, so that only posts from elsewhere can measure it. No network or gate has seen these ordinary posts.

{held}
"""


def card(version: str, plan: Mapping[str, object], files: Mapping[str, str], held: Mapping[str, object]) -> str:
    """The card as Markdown."""
    return _TEXT.format(
        version=version,
        share=REFERENCE_SHARE,
        files="\n".join(f"- `{name}` sha256 `{digest}`" for name, digest in sorted(files.items())),
        plan="\n".join(f"- {name}: {value}" for name, value in plan.items()),
        held="\n".join(f"- {name}: {value}" for name, value in held.items()),
    )
