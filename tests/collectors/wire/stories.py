"""What comes out of the invented posts on each real server; the live tests and the recordings both hold to it."""

BLUESKY_FIRST = [
    "vanavond blijft het rustig",
    "dit is een vergissing",
    "hier ben ik het niet mee eens",
    "let op: nare beelden",
    "daar sta ik niet achter",
    "[@] lees [link]",
    "kom ook\n\nFlyer: 20:00 uur op de Dam",
    "Vanmiddag bij het station #zaandam",
]
"""Newest first, as the feed stands: own words and alt texts; not what was quoted, answered or reposted."""
BLUESKY_AFTER_EDIT = ["vanavond toch niet"]
"""The AppView shows a record that was put in the place of another; what is gone is found by looking at it again."""
BLUESKY_AT_LAST = sorted(
    {*BLUESKY_FIRST, *BLUESKY_AFTER_EDIT} - {"dit is een vergissing", "vanavond blijft het rustig"}
)
"""What someone finds who comes only now."""

PAGES = [
    (
        "a",
        "Onrust & zorgen",
        "Vanmiddag <b>was</b> het *druk* bij het station.\n\nLees [meer](https://krant.example/a).",
        18,
    ),
    ("b", "Markt", "Zaterdag is er weer markt.", 19),
    ("c", "Weer", "Het blijft droog. Mail naar @qzcanary7 voor vragen.", 20),
]
"""The pages of an invented paper: name, title, words in Markdown, day of November 2026."""
PAGE_CHANGED = ("a", "Onrust & zorgen", "Vanmiddag was het toch rustig.", 18)
FEED_FIRST = [
    "Weer\n\nHet blijft droog. Mail naar [@] voor vragen.",
    "Markt\n\nZaterdag is er weer markt.",
    "Onrust & zorgen\n\nVanmiddag was het druk bij het station. Lees meer.",
]
FEED_AFTER = ["Onrust & zorgen\n\nVanmiddag was het toch rustig."]
"""A feed is a window: a page that left it is not gone."""

MASTODON_FIRST = [
    "vanavond blijft het rustig #zaandam",
    "dit is een vergissing #zaandam",
    "ik kom ook #zaandam",
    "lees [link] #zaandam",
    "kom ook #zaandam\n\nFlyer: 20:00 uur op de Dam",
    "let op\n\ntoch om negen uur #zaandam",
    "Vanmiddag bij het station #zaandam",
]
"""Newest first, as the hashtag stands: also a post that was boosted; not what only followers may read."""
MASTODON_AFTER = ["morgen weer #zaandam", "vanavond toch niet #zaandam"]
MASTODON_AT_LAST = sorted(
    {*MASTODON_FIRST, *MASTODON_AFTER} - {"dit is een vergissing #zaandam", "vanavond blijft het rustig #zaandam"}
)
"""What someone finds who comes only now."""
