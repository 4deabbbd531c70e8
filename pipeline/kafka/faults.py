"""What can go wrong with a broker, by what a worker does about it. No Kafka error leaves `pipeline.kafka` unnamed."""

from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import AuthorizationError, KafkaError


class BrokerAway(Exception):
    """No broker answers, or not in time: wait and try again."""


class BrokerRefuses(BrokerAway):
    """The broker and we do not trust each other, or it does not allow this: waiting helps only if someone mends it."""


class NotPublished(Exception):
    """Some records of a batch were not acknowledged; the whole batch is to be given again."""


class TopicsMissing(Exception):
    """The broker lacks topics that the road needs."""


@contextmanager
def named(what: str) -> Iterator[None]:
    """Turn the client's errors into `BrokerAway`, with its kind but without its words."""
    try:
        yield
    except AuthorizationError as error:
        raise BrokerRefuses(
            f"Kafka does not allow this process that while {what} ({type(error).__name__}); check that it uses its own"
            " log-in, then run seinpost topics apply"
        ) from None
    except (KafkaError, OSError) as error:  # the client passes some errors of the network on as they are
        raise BrokerAway(
            f"Kafka does not answer while {what} ({type(error).__name__}); check that it runs and SEINPOST_KAFKA"
        ) from None
