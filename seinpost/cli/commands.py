"""The table of commands: name, what it does, and which module provides it. Holds no behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One word after `seinpost`. `provider` is `module:attribute` below `seinpost.cli`: a Typer app or a function."""

    name: str
    panel: str
    summary: str
    provider: str


RUN = "Run"
WAYS_IN = "Ways in"
ROAD = "The Kafka road, one process each"
DETECTION = "Detection"
RECOVERY = "Recovery"
OVERSIGHT = "Oversight and people"

COMMANDS: tuple[Command, ...] = (
    Command("up", RUN, "Run it all on this machine: database, collectors, analysis, review UI, dispatcher.", "up:app"),
    Command("doctor", RUN, "Check this installation and say what to mend.", "doctor:app"),
    Command("setup", RUN, "Prepare a PostgreSQL server: roles, database, migrations.", "setup:app"),
    Command("kafka", RUN, "Run a real local Apache Kafka in the foreground.", "kafka:app"),
    Command("collect", WAYS_IN, "Collect from sources, under a valid collection order.", "collect:app"),
    Command("import", WAYS_IN, "Import posts from JSON lines or CSV.", "import_posts:app"),
    Command("tip", WAYS_IN, "Hand in a post seen elsewhere, or an observation.", "tip:app"),
    Command("order", WAYS_IN, "Create, list, renew and stop collection orders.", "order:app"),
    Command("work", ROAD, "Run one worker: analyse, intake, relay or dispatch.", "work:app"),
    Command("serve", ROAD, "Serve the review UI.", "serve:app"),
    Command("unseal", ROAD, "Run the only service that can open a sealed link.", "unseal:app"),
    Command("topics", ROAD, "Create and check the Kafka topics.", "topics:app"),
    Command("analyse", DETECTION, "Analyse text and print the result; stores nothing.", "analyse:app"),
    Command("evaluate", DETECTION, "Measure detection on labelled JSON lines.", "evaluate:app"),
    Command("outcomes", DETECTION, "How right the detection was, by what became of its signals.", "outcomes:app"),
    Command("train", DETECTION, "Train the detection models.", "train:app"),
    Command("thresholds", DETECTION, "Choose thresholds for a stated share of flagged posts.", "thresholds:app"),
    Command("places", DETECTION, "Find places in a text; import school lists.", "places:app"),
    Command("dead-letters", RECOVERY, "List, show and retry what could not be handled.", "dead_letters:app"),
    Command("replay", RECOVERY, "Analyse the posts of the last hours again.", "replay:app"),
    Command(
        "backup", RECOVERY, "Copy the database into a folder, sealed to a key that is kept elsewhere.", "backup:backup"
    ),
    Command("restore", RECOVERY, "Put a backup into an empty database.", "backup:restore"),
    Command("retention", OVERSIGHT, "Forget what is due to be forgotten.", "oversight:retention"),
    Command("audit", OVERSIGHT, "Verify the trail.", "oversight:audit"),
    Command("register", OVERSIGHT, "Export the register of processing activities.", "oversight:register"),
    Command("report", OVERSIGHT, "Numbers of a month to hand on, as PDF and CSV.", "report:app"),
    Command("users", OVERSIGHT, "Add, list and disable users.", "users:app"),
    Command("directory", OVERSIGHT, "Import schools, organisations and contacts.", "directory:app"),
    Command("channels", OVERSIGHT, "Systems of partners that are told, and how each channel is doing.", "channels:app"),
)
