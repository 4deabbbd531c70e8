"""Brings the jars of a real Apache Kafka to this machine, once, and checks each against its pinned SHA-256.

Starts nothing (that is `local_broker`); after the first time it needs neither network nor Maven.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

RECIPE = Path(__file__).parents[2] / "deploy" / "kafka"


class KafkaNotHere(Exception):
    """A real Apache Kafka cannot run on this machine; the message says what is missing and what to do."""


def java() -> Path:
    """The Java to run Kafka with: JAVA_HOME's, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise KafkaNotHere("Java 17 or newer is not here: install it (Debian: apt-get install default-jre-headless)")
    return Path(found)


def jars(cache: Path, recipe: Path = RECIPE) -> Path:
    """The folder with the jars, filled through Maven when this recipe was never resolved before.

    The folder's name holds a hash of the recipe, so another Kafka version gets another folder.
    """
    if not (recipe / "pom.xml").is_file():
        raise KafkaNotHere(f"{recipe} is not here: start Kafka from a clone of the repository, or name a broker")
    pinned = (recipe / "libs.sha256").read_bytes()
    key = hashlib.sha256((recipe / "pom.xml").read_bytes() + pinned).hexdigest()[:16]
    # Absolute, for Maven reads a relative path from the folder of the recipe.
    libs = cache.absolute() / f"kafka-{key}" / "libs"
    if not libs.is_dir():
        _resolve(recipe, libs)
    return libs


def _resolve(recipe: Path, libs: Path) -> None:
    """Fetch into a folder beside `libs`, check, then rename: a half-filled folder never gets the name."""
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaNotHere(
            "Apache Kafka's jars are not here and Maven is absent: apt-get install maven, then make kafka"
        )
    libs.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=libs.parent) as work:
        fetched = Path(work) / "libs"
        done = subprocess.run(
            [
                maven,
                *("--quiet", "--batch-mode", "--file", str(recipe / "pom.xml")),
                *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            why = next((line for line in done.stdout.splitlines() if "ERROR" in line), "no reason given")
            raise KafkaNotHere(f"Maven could not fetch Apache Kafka ({why[:200]}): check the network, then try again")
        check(fetched, recipe / "libs.sha256")
        try:
            fetched.rename(libs)
        except OSError:
            # Another process was quicker; its folder went through the same check.
            if not libs.is_dir():
                raise


def check(folder: Path, pinned: Path) -> None:
    """Refuse a folder whose jars are not exactly the pinned ones."""
    wanted = {name: digest for digest, name in (line.split() for line in pinned.read_text().splitlines())}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        some = ", ".join(wrong[:3])
        raise KafkaNotHere(f"{len(wrong)} jars are not the pinned ones ({some} …): see deploy/kafka/libs.sha256")
