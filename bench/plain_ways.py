"""What others would reach for first: profanity filters, and a bag of words trained on the same posts.

The filters know no Dutch and look for coarse words, not for concrete harm; they stand here because they are what is
used. No toxicity or zero-shot transformer was found in the package index that brings its weights, so none is measured.
"""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from bench.beside import NotHere
from bench.contender import Contender, cleaned
from nlp.labelled import LabelledPost


def better_profanity(_training: Sequence[LabelledPost]) -> Contender:
    """A word list with the ways to write each word; it says yes or no."""
    try:
        from better_profanity import Profanity
    except ImportError:
        raise NotHere("better-profanity is not installed") from None
    filter_ = Profanity()
    return Contender(lambda texts: [float(filter_.contains_profanity(text)) for text in texts], 1.0)


def profanity_check(_training: Sequence[LabelledPost]) -> Contender:
    """A linear model over words, trained by its makers on English comments."""
    try:
        from profanity_check import predict_prob
    except ImportError:
        raise NotHere("alt-profanity-check is not installed beside this scikit-learn") from None
    return Contender(lambda texts: predict_prob(list(texts)).tolist(), 0.5)


def words_and_regression(training: Sequence[LabelledPost]) -> Contender:
    """TF-IDF of words and pairs of words with a logistic regression."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10.0, max_iter=2000),
    )
    model.fit([cleaned(post.text) for post in training], [post.actionable for post in training])
    return Contender(lambda texts: model.predict_proba([cleaned(text) for text in texts])[:, 1].tolist(), 0.5)
