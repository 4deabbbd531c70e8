"""A stage on which any text can be shown on every page that shows a text of a post, a reader's words or a place name.

The ids, people and moments stay the same from text to text, so that two visits differ in the text alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from collectors.sealing import Sealer
from pipeline.embedded import EmbeddedDeadLetters, EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from pipeline.letters import letter, letter_id
from pipeline.store.users import UserRole
from review_ui.signal.changed import edited
from seinpost.letter_desk import LetterDesk
from signals.analysis import Analysis, Facts, Reason, TimeWindow
from signals.dead_letter import DeadReason
from signals.label import Category, Genre, Level
from signals.place import Mention, PlaceKind
from signals.post import MAX_TEXT
from signals.referral import EXCERPT_LENGTH
from tests.review_ui.world import STATION, Browser, World, analysis_of
from tests.road.invented import SETTINGS, analyse

BEFORE, AFTER = "Lantaarn [naam] ", " eindwoord"
"""What stands around a text in a post: every mark on it begins or ends in an ordinary word."""
EARLIER = "Lantaarn een bericht van eerder eindwoord"
"""What an edited post said before: so much of it stays that both texts stand in one."""
NAME_OF_MORE = "Noord"
PARTED_BY = ("\u2028", "\u2029", "\x1c", "\x1f", "\x85", "\u3000", "\u202f")
"""What a name of a place may be parted from its text by, and still be read as that name."""
LONGEST_PLACE, LONGEST_ROLE, LONGEST_WORDS, LONGEST_NOTE = 200, 80, 1000, 500


@dataclass(frozen=True)
class Shown:
    """The texts as they stand in each part of the pages, cut to what fits there."""

    post: str
    name: str
    places: tuple[str, ...]
    words: str
    note: str
    excerpt: str
    role: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them; the post also together with what it said before."""
        edits = ((EARLIER, self.post), (self.post, EARLIER))
        together = ("".join(piece.text for piece in edited(*both)) for both in edits)
        return (self.post, *together, *self.places, self.words, self.note, self.excerpt, self.role)


@dataclass
class Stage:
    """Signals for a first and a second reader, referred and talked over; a recipient; notes; what lies aside."""

    world: World
    keys: KeyFolder
    browsers: dict[str, Browser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set it up, with an ordinary text on it."""
        world = self.world
        world.add_directory()
        world.add_person("toon", UserRole.TUNER)
        self._road = world.database.engine_for("seinpost_road", pool_size=2)
        sink = EmbeddedSink(self._road, self.keys, analyse, EmbeddedSettings(self._road, SETTINGS), world.clock)
        given = world.app.state.dependencies
        desk = LetterDesk(self._road, self.keys, sink, world.clock)
        world.app.state.dependencies = replace(given, letters=desk)
        self.first, self.second, self.shared, self.talk = (world.add_signal("een gewoon bericht") for _ in range(4))
        self.before, self.after = (world.add_signal("een gewoon bericht") for _ in range(2))
        anna, bram = self.browser("anna"), self.browser("bram")
        bram.judge(self.second, "confirm:directed", 1, duiding="een gewone duiding")
        anna.judge(self.shared, "confirm:directed", 1, duiding="een gewone duiding")
        bram.judge(self.shared, "confirm:directed", 2, duiding="een gewone duiding")
        self.contact = world.one("SELECT id FROM contacts WHERE kind = 'school'")
        sent = anna.post(f"/signaal/{self.shared}/doorzetten", ontvanger=[str(self.contact)])
        assert sent.status_code == 303, sent.text
        anna.post(f"/signaal/{self.talk}/casusoverleg", vraag="wat denken jullie?")
        anna.post("/overdracht", notitie="een gewone notitie")
        with world.owner() as owner:
            owner.execute("UPDATE signals SET reopened_from = %s WHERE id = %s", (self.before, self.after))
            # The same words and other ones that say the same, on one card.
            owner.execute(
                "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at,"
                " text, analysis, own_signal)"
                " SELECT gen_random_uuid(), signal_id, gen_random_uuid(), 1, source, order_id, posted_at,"
                " seen_at, text, analysis, gen_random_uuid() FROM sightings WHERE signal_id = %s",
                (self.after,),
            )
            owner.execute("UPDATE signals SET sightings = 2 WHERE id = %s", (self.after,))
            owner.execute(
                "INSERT INTO unflagged_sample VALUES (%s, %s, current_date, 'een gewone tekst', %s)",
                (uuid4(), uuid4(), world.clock()),
            )
        self.referral = UUID(str(world.one("SELECT id FROM referrals WHERE kind = 'school'")))
        self.letter = uuid4()

    def close(self) -> None:
        """Let go of the database."""
        self._road.dispose()

    def browser(self, username: str) -> Browser:
        """The one browser of this person."""
        if username not in self.browsers:
            self.browsers[username] = self.world.signed_in(username)
        return self.browsers[username]

    def show(self, texts: Sequence[str]) -> Shown:
        """Put these texts on every page, in the post together and as place names one by one."""
        parted_by = PARTED_BY[len(texts[0]) % len(PARTED_BY)]
        name = f"{parted_by}{NAME_OF_MORE}{parted_by}"
        room = MAX_TEXT - len(BEFORE) - len(name) - len(AFTER)
        shown = Shown(
            post=f"{BEFORE}{_packed(texts, room)}{name}{AFTER}",
            name=name,
            places=tuple(text[:LONGEST_PLACE] for text in texts),
            words=_packed(texts, LONGEST_WORDS),
            note=_packed(texts, LONGEST_NOTE),
            excerpt=_packed(texts, EXCERPT_LENGTH),
            role=texts[0][:LONGEST_ROLE],
        )
        analysis = self._marked(shown)
        with self.world.owner() as owner, owner.transaction():
            owner.execute(
                "UPDATE sightings SET text = %s, analysis = %s", (shown.post, Jsonb(analysis.model_dump(mode="json")))
            )
            owner.execute(
                "UPDATE sightings SET text = %s, analysis = analysis || %s WHERE signal_id = %s",
                (EARLIER, Jsonb({"facts": Facts().model_dump(mode="json"), "places": [], "reasons": []}), self.before),
            )
            owner.execute("DELETE FROM signal_places WHERE place_id <> %s", (STATION,))
            for number, name in enumerate(shown.places):
                owner.execute(
                    "INSERT INTO signal_places (signal_id, place_id, kind, name)"
                    " SELECT id, %s, 'area', %s FROM signals",
                    (f"area:qz-{number:03}", name),
                )
            owner.execute("UPDATE assessments SET duiding = %s", (shown.words,))
            owner.execute(
                "UPDATE referrals SET excerpt = %s, duiding = %s, places = %s WHERE kind = 'school'",
                (shown.excerpt, shown.words, list(shown.places)),
            )
            owner.execute("UPDATE thread_messages SET body = %s", (shown.words,))
            owner.execute("UPDATE handovers SET note = %s", (shown.note,))
            owner.execute("UPDATE unflagged_sample SET text = %s", (shown.post,))
            owner.execute("UPDATE contacts SET role_name = %s", (shown.role,))
        return shown

    def seal(self, plain: str) -> None:
        """Let the first signal have names to open, and a text lie aside."""
        sealed = Sealer(self.keys.link_public_key).seal(plain, self.world.clock().date())
        with self.world.owner() as owner:
            owner.execute("DELETE FROM link_keys")
            owner.execute("UPDATE sightings SET names_box = %s WHERE signal_id = %s", (sealed.box, self.first))
            owner.execute(
                "INSERT INTO link_keys (post_id, purpose, key_day, wrapped_key)"
                " SELECT post_id, 'names', %s, %s FROM sightings WHERE signal_id = %s",
                (sealed.key_day, sealed.wrapped_key, self.first),
            )
        made = letter(plain.encode(), DeadReason.ANALYSIS_FAILED, "analyse", "export", self.world.clock())
        EmbeddedDeadLetters(self._road, self.keys).park(made)
        self.letter = letter_id(made)

    def pages(self) -> dict[str, tuple[str, str]]:
        """Who opens which page, by what the page is."""
        return {
            "queue": ("anna", "/werkvoorraad"),
            "first reading": ("anna", f"/signaal/{self.first}"),
            "second reading": ("anna", f"/signaal/{self.second}"),
            "after two readings": ("anna", f"/signaal/{self.shared}"),
            "preview": ("anna", f"/signaal/{self.shared}/voorbeeld/{self.contact}"),
            "talked over": ("anna", f"/signaal/{self.talk}"),
            "edited, in two wordings": ("anna", f"/signaal/{self.after}"),
            "before it was edited": ("anna", f"/signaal/{self.before}"),
            "handed over": ("bram", "/overdracht"),
            "blind sample": ("bram", "/kwaliteit/steekproef"),
            "running": ("anna", "/lopend"),
            "portal list": ("coordinator", "/portaal"),
            "portal": ("coordinator", f"/portaal/{self.referral}"),
        }

    def promised(self, page: str, shown: Shown) -> tuple[str, ...]:
        """The texts that a page must show whole. The queue shows the first place of a card only."""
        places = {*shown.places}
        return {
            "queue": (),
            "first reading": (shown.post, *places),
            "second reading": (shown.post, *places),
            "after two readings": (shown.post, shown.words, *places),
            "preview": (),
            "talked over": (shown.post, shown.words, *places),
            "edited, in two wordings": (shown.post, shown.name, *places),
            "before it was edited": (EARLIER, *places),
            "handed over": (shown.note,),
            "blind sample": (shown.post,),
            "running": (),
            "portal list": tuple(places),
            "portal": (shown.excerpt, *shown.words.splitlines(), *places),
        }[page]

    def _marked(self, shown: Shown) -> Analysis:
        """Marks that lie over each other and end anywhere, also between a letter and its accent."""
        text, length, name = shown.post, len(shown.post), len(shown.post) - len(shown.name) - len(AFTER)
        fifth, third, half = length // 5, length // 3, length // 2
        found = analysis_of(text, self.world.clock.now, Level.ACUUT, Category.CONFRONTATION, Genre.CHAT)
        window = found.window
        assert isinstance(window, TimeWindow)
        return found.model_copy(
            update={
                "facts": Facts(
                    target=((0, third),),
                    place=((half, length),),
                    time=((0, 2 * third),),
                    means=((third, length),),
                    call=((0, length),),
                ),
                "places": (
                    Mention(
                        text=text[half:], start=half, end=length, kind=PlaceKind.STATION, id=STATION, name="Krommenie"
                    ),
                    Mention(
                        text=shown.name,
                        start=name,
                        end=length - len(AFTER),
                        kind=PlaceKind.AREA,
                        id="area:rotterdam/noord",
                        name=NAME_OF_MORE,
                    ),
                ),
                "reasons": (
                    Reason(start=fifth, end=length, why="call to act"),
                    Reason(start=0, end=4 * fifth, why="word for a fight"),
                ),
            }
        )


def _packed(texts: Sequence[str], room: int) -> str:
    """As many whole texts as fit, on lines of their own; the beginning of the first where none does."""
    packed = texts[0][:room]
    for text in texts[1:]:
        if len(packed) + 1 + len(text) > room:
            break
        packed += f"\n{text}"
    return packed
