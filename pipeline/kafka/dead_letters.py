"""Dead letters on the Kafka road: a topic per source topic, the bytes encrypted before they leave.

The intake worker brings them to the book in the database, where they are listed and retried as on the embedded road.
"""

from pydantic import ValidationError

from pipeline import envelope, letters
from pipeline.envelope import HourKeys
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.messages import JSON, Outgoing, headers
from pipeline.kafka.producer import RecordProducer
from pipeline.key_folder import hour_of
from pipeline.letters import letter_id
from pipeline.topics import POSTS_DEAD, SIGNALS_DEAD
from signals.dead_letter import DeadLetter


class KafkaDeadLetters:
    """`DeadLetters`: returns when the letter is acknowledged."""

    def __init__(self, bootstrap: Bootstrap, keys: HourKeys, producer: RecordProducer | None = None) -> None:
        self._producer = producer or RecordProducer(bootstrap, "seinpost-dead-letters")
        self._keys = keys

    def park(self, letter: DeadLetter) -> None:
        """Set a record aside."""
        self._producer.publish([of_letter(letter, self._keys)])

    def close(self) -> None:
        """Let go of the connection."""
        self._producer.close()


def of_letter(letter: DeadLetter, keys: HourKeys) -> Outgoing:
    """The letter as a message: description readable, bytes encrypted under the hour it happened in."""
    sealed = envelope.seal(letter.raw, keys, letter.happened_at)
    body = letter.model_copy(update={"raw": sealed}).model_dump_json().encode()
    about = headers(letter_id(letter), "seinpost.dead-letter.v1", letter.step, letter.happened_at, JSON)
    topic = SIGNALS_DEAD if letter.step == letters.INTAKE else POSTS_DEAD
    return Outgoing(topic, str(letter_id(letter)), body, (*about, ("reason", letter.reason.encode())))


def read_letter(body: bytes) -> tuple[DeadLetter, bytes] | None:
    """Description and encrypted bytes of a letter from its topic; None when it is no letter of ours."""
    try:
        letter = DeadLetter.model_validate_json(body)
        hour = envelope.hour_of_envelope(letter.raw)
    except (ValidationError, envelope.Undecryptable):
        return None
    if hour != hour_of(letter.happened_at):
        return None  # ours are encrypted under the hour they happened in
    return letter.model_copy(update={"raw": b""}), letter.raw
