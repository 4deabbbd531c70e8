"""Every kind of source is an entry in one file, with a reader that reads its seeds and refuses all others."""

import shutil
from pathlib import Path

import pytest

from collectors.kinds import SITES, WHOLE_STREAM, KindUnknown, SeedWrong, kinds, named, of_seed, seed_of
from collectors.readers.reader import AddressWrong
from signals.post import HUMAN_SOURCES, Source

BY_HAND = {*HUMAN_SOURCES, Source.EXPORT}
SEEDS = {
    "bluesky-author": "did:plc:abcdefghijklmnopqrstuvwx",
    "feeds": "https://nieuws.example.org/feed",
    "mastodon": "https://voorbeeld.social/tags/zaandam",
    "youtube": "channel:UCabcdefghijklmnopqrstuv",
    "telegram": "https://t.me/s/voorbeeldkanaal",
    "reddit": "r/zaandam",
    "web": "forum-x",
}


@pytest.fixture
def told(tmp_path: Path) -> dict[str, str]:
    shutil.copy(Path(__file__).parent / "readers" / "web" / "forum-x.toml", tmp_path)
    return {SITES: str(tmp_path)}


def test_every_source_is_collected_by_a_kind_or_brought_in_by_hand() -> None:
    served = {source for kind in kinds().values() for source in kind.sources}
    assert served | BY_HAND == set(Source)
    assert not served & BY_HAND


def test_every_kind_says_on_what_terms_it_may_be_read_and_how_a_seed_is_written() -> None:
    for kind in kinds().values():
        assert kind.terms
        assert kind.reader is None or kind.address
        assert kind.reader is None or kind.name in SEEDS


def test_the_reference_tells_of_every_kind_and_key() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "sources.md").read_text()
    for kind in kinds().values():
        rhythm = "– | –" if kind.reader is None else f"{kind.interval // 60} min | {kind.pages}"
        (row,) = [line for line in reference.splitlines() if line.startswith(f"| `{kind.name}` |")]
        assert row.endswith(f"| {rhythm} |")
        assert all(source.value in row for source in kind.sources)
        assert all(f"`{key}`" in reference for key in kind.secrets)


def test_cursors_of_two_kinds_never_meet() -> None:
    collectors = [kind.collector for kind in kinds().values()]
    assert len(set(collectors)) == len(collectors)


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_is_read_by_its_kind_and_asks_one_web_address_first(name: str, told: dict[str, str]) -> None:
    kind = kinds()[name]
    source, address = seed_of(f"{name}={SEEDS[name]}", kind.sources, told)
    assert of_seed(source, address) == kind
    reader = kind.make_reader(address, told)
    assert reader.first({}).url.startswith("https://")
    assert SEEDS[name] not in repr(reader)


@pytest.mark.parametrize("name", SEEDS)
def test_what_is_no_seed_is_refused_in_one_line_that_does_not_repeat_it(name: str, told: dict[str, str]) -> None:
    with pytest.raises(SeedWrong) as refused:
        seed_of(f"{name}=ftp://qzcanary7 of zoiets", kinds()[name].sources, told)
    assert "qzcanary7" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_seed_needs_a_source_of_the_order() -> None:
    with pytest.raises(SeedWrong, match="--source mastodon-post"):
        seed_of(f"mastodon={SEEDS['mastodon']}", (Source.FEED_ENTRY,), {})
    for written in ("mastodon", "mastodon=", "=x"):
        with pytest.raises(SeedWrong, match="KIND=ADDRESS"):
            seed_of(written, tuple(Source), {})


def test_a_stream_has_no_seeds_but_the_whole() -> None:
    assert seed_of(f"bluesky={WHOLE_STREAM}", (Source.BLUESKY_POST,), {}) == (Source.BLUESKY_POST, WHOLE_STREAM)
    with pytest.raises(SeedWrong, match="stream"):
        seed_of("bluesky=did:plc:x", (Source.BLUESKY_POST,), {})
    with pytest.raises(AddressWrong):
        kinds()["bluesky"].make_reader(WHOLE_STREAM, {})
    assert of_seed(Source.BLUESKY_POST, WHOLE_STREAM) is None


def test_a_kind_is_named_by_itself_by_its_source_or_by_its_other_name() -> None:
    assert [kind.name for kind in named("feed")] == ["feeds"]
    assert [kind.name for kind in named("youtube-comment")] == ["youtube"]
    assert [kind.name for kind in named("bluesky-post")] == ["bluesky", "bluesky-author"]
    assert [kind.name for kind in named("bluesky")] == ["bluesky"]
    with pytest.raises(KindUnknown, match="choose from bluesky"):
        named("myspace")


def test_a_reader_is_told_only_its_own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    maker = "collectors.readers.feeds.reader:reader_of"
    monkeypatch.setattr(maker.replace(":", "."), lambda _address, secrets: told.append(dict(secrets)))
    kind = kinds()["youtube"].model_copy(update={"reader": maker})
    kind.make_reader("https://x.example/", {"youtube-api-key": "a", "reddit-client-secret": "b"})
    assert told == [{"youtube-api-key": "a"}]
