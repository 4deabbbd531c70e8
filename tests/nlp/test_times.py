"""Which moment a time expression points to, seen from Thursday 12 March 2026, five past one in the afternoon."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.normalise import fold
from nlp.times import TimeMention, find_times, soonest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 12, 13, 5, tzinfo=AMSTERDAM)


def _times(text: str, now: datetime = NOW) -> list[TimeMention]:
    return find_times(fold(text), now)


def _shown(mention: TimeMention) -> tuple[str, str]:
    assert mention.window is not None
    return mention.window.start.strftime("%d %H:%M"), mention.window.end.strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("text", "span", "start", "end"),
    [
        ("kom morgen half 4 naar het plein", "morgen half 4", "13 15:30", "13 16:15"),
        ("vrijdag na school", "vrijdag na school", "13 13:00", "13 17:30"),
        ("straks", "straks", "12 13:05", "12 19:05"),
        ("zaterdagavond", "zaterdagavond", "14 18:00", "14 23:59"),
        ("plein 14:30", "14:30", "12 14:30", "12 15:15"),
        ("vandaag om 15.30 uur", "vandaag om 15.30 uur", "12 15:30", "12 16:15"),
        ("vanavond 9 uur", "vanavond 9 uur", "12 21:00", "12 21:45"),
        ("kwart voor 3", "kwart voor 3", "12 14:45", "12 15:30"),
        ("om tien voor half vier", "om tien voor half vier", "12 15:20", "12 16:05"),
        ("om 2 uur", "om 2 uur", "12 14:00", "12 14:45"),
        ("3 uur 's middags", "3 uur 's middags", "12 15:00", "12 15:45"),
        ("21u bij de tunnel", "21u", "12 21:00", "12 21:45"),
        ("om 12u bij de kiosk", "om 12u", "13 12:00", "13 12:45"),
        ("een uur of 4", "een uur of 4", "12 16:00", "12 16:45"),
        ("rond 5 uur", "rond 5 uur", "12 16:30", "12 17:45"),
        ("vanaf 8 uur", "vanaf 8 uur", "12 20:00", "12 23:00"),
        ("tussen 3 en 4", "tussen 3 en 4", "12 15:00", "12 16:00"),
        ("3-4 uur", "3-4 uur", "12 15:00", "12 16:00"),
        ("van 2 tot 4", "van 2 tot 4", "12 14:00", "12 16:00"),
        ("van 14.00 tot 02.00", "van 14.00 tot 02.00", "12 14:00", "13 02:00"),
        ("na het zesde uur", "na het zesde uur", "12 13:20", "12 14:45"),
        ("morgen 3e uur", "morgen 3e uur", "13 10:00", "13 11:40"),
        ("vandaag na de 8e", "vandaag na de 8e", "12 15:00", "12 16:25"),
        ("morgen tweede pauze", "morgen tweede pauze", "13 11:45", "13 14:00"),
        ("het laatste uur", "het laatste uur", "12 13:05", "12 16:30"),
        ("over een kwartier", "over een kwartier", "12 13:16", "12 13:27"),
        ("binnen 10 min", "binnen 10 min", "12 13:05", "12 13:15"),
        ("tot morgen 12u", "tot morgen 12u", "12 13:05", "13 12:45"),
        ("volgende week", "volgende week", "16 00:00", "22 23:59"),
        ("volgende week vrijdag", "volgende week vrijdag", "20 00:00", "20 23:59"),
        ("vrijdag over een week", "vrijdag over een week", "20 00:00", "20 23:59"),
        ("deze week", "deze week", "12 13:05", "15 23:59"),
        ("komend weekend", "komend weekend", "14 00:00", "15 23:59"),
        ("morgenochtend", "morgenochtend", "13 06:00", "13 12:00"),
        ("mrgn", "mrgn", "13 00:00", "13 23:59"),
        ("vnv", "vnv", "12 18:00", "12 23:59"),
        ("vannacht 2 uur", "vannacht 2 uur", "13 02:00", "13 02:45"),
        ("vrijdag de 13e", "vrijdag de 13e", "13 00:00", "13 23:59"),
        ("op 17/3", "op 17/3", "17 00:00", "17 23:59"),
        ("14 maart om 3 uur", "14 maart om 3 uur", "14 15:00", "14 15:45"),
        ("eerste vrijdag van de maand", "eerste vrijdag van de maand", "06 00:00", "06 23:59"),
        ("tomorrow after school", "tomorrow after school", "13 13:00", "13 17:30"),
        ("at 3pm", "at 3pm", "12 15:00", "12 15:45"),
        ("half past three", "half past three", "12 15:30", "12 16:15"),
        ("by noon tmrw", "by noon tmrw", "12 13:05", "13 12:00"),
        ("in 10 min", "in 10 min", "12 13:13", "12 13:17"),
        ("this friday", "this friday", "13 00:00", "13 23:59"),
        ("tonight at 9", "tonight at 9", "12 21:00", "12 21:45"),
        ("at midnight", "at midnight", "13 00:00", "13 00:45"),
        ("yarın", "yarın", "13 00:00", "13 23:59"),
        ("mañana", "mañana", "13 00:00", "13 23:59"),
    ],
)
def test_an_expression_becomes_an_interval(text: str, span: str, start: str, end: str) -> None:
    [mention] = _times(text)
    assert text[mention.start : mention.end] == span
    assert _shown(mention) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["gisteren", "vorige week", "5 jaar geleden", "in 2019", "yesterday", "2 weeks ago", "ooit", "afgelopen vrijdag"],
)
def test_what_is_past_points_to_no_coming_moment(text: str) -> None:
    [mention] = _times(text)
    assert mention.past
    assert soonest([mention]) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("vrijdag werd hij gestoken", "06"),
        ("zaterdag was het raak", "07"),
        ("om 1 uur zag ik hem lopen", "12"),
        ("hij belde vrijdag nog", "06"),
        ("they robbed him on friday", "06"),
        ("vannacht is er ingebroken", "11"),
    ],
)
def test_the_tense_around_tells_which_weekday_is_meant(text: str, day: str) -> None:
    [mention] = _times(text)
    assert mention.past
    assert _shown(mention)[0][:2] == day


@pytest.mark.parametrize(
    "text", ["vrijdag komt hij", "hij was er niet, maar vrijdag komt hij", "ze zeiden dat ze vrijdag komen"]
)
def test_the_past_of_another_clause_does_not_reach_over(text: str) -> None:
    [mention] = _times(text)
    assert not mention.past


@pytest.mark.parametrize(
    "text", ["elke maandag", "every friday", "altijd na school", "op vrijdagen rond 3 uur", "elke dag om half 4"]
)
def test_a_habit_is_no_moment(text: str) -> None:
    mentions = _times(text)
    assert mentions
    assert soonest(mentions) is None


@pytest.mark.parametrize(
    "text",
    [
        "bel 0612345678 of 06-12345678",
        "kost 15 euro, 3 voor 20",
        "om 5 euro",
        "het werd 3-1",
        "op de A10 en de N203",
        "met 2 man 4 ever 24/7",
        "8 tegen 8",
        "klas 4h, h3a en 5vwo",
        "op de 2e verdieping",
        "3 uur lang gewacht",
        "goede morgen",
        "vandaag niet, ooit wel",
        "in 0:48 van de clip",
        "zo groot",
        "doe ma di do",
    ],
)
def test_other_numbers_and_words_are_no_times(text: str) -> None:
    assert soonest(_times(text)) is None


def test_the_soonest_coming_moment_wins() -> None:
    window = soonest(_times("gisteren niks, zaterdag ook niet, morgen wel"))
    assert window is not None
    assert window.start.day == 13


def test_a_clear_moment_goes_before_a_vague_one() -> None:
    window = soonest(_times("binnenkort, zaterdag 15:00"))
    assert window is not None
    assert window.start.strftime("%d %H:%M") == "14 15:00"


def test_an_hour_alone_takes_the_day_told_before_it() -> None:
    _, hour = _times("Zaterdag is het zover. Kom allemaal om 15:30.")
    assert _shown(hour) == ("14 15:30", "14 16:15")


@pytest.mark.parametrize(
    ("hour", "text", "start"),
    [
        (23, "morgen na school", "13 13:00"),
        (0, "vannacht om 2 uur", "12 02:00"),
        (23, "om 2 uur", "13 02:00"),
        (21, "na school", "13 13:00"),
        (9, "om 12 uur", "12 12:00"),
        (19, "om 8 uur", "12 20:00"),
    ],
)
def test_it_depends_on_the_hour_of_posting(hour: int, text: str, start: str) -> None:
    [mention] = _times(text, datetime(2026, 3, 12, hour, 10, tzinfo=AMSTERDAM))
    assert _shown(mention)[0] == start


def test_just_after_midnight_tomorrow_may_be_the_day_that_began() -> None:
    [mention] = _times("morgen", datetime(2026, 3, 12, 0, 46, tzinfo=AMSTERDAM))
    assert _shown(mention) == ("12 00:46", "13 23:59")


def test_after_school_on_friday_evening_is_monday() -> None:
    [mention] = _times("na school", datetime(2026, 3, 13, 20, 0, tzinfo=AMSTERDAM))
    assert _shown(mention)[0] == "16 13:00"


def test_a_night_over_the_change_to_summer_time_keeps_the_wall_clock() -> None:
    window = soonest(_times("morgen 14:30", datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM)))
    assert window is not None
    assert window.start.utcoffset() != datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM).utcoffset()
    assert (window.start.hour, window.start.minute) == (14, 30)


def test_the_hour_that_comes_twice_is_covered_twice() -> None:
    window = soonest(_times("morgen om 02:30", datetime(2026, 10, 24, 12, 0, tzinfo=AMSTERDAM)))
    assert window is not None
    assert window.start.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert window.end.astimezone(UTC) == datetime(2026, 10, 25, 2, 15, tzinfo=UTC)


def test_between_the_two_the_second_still_comes() -> None:
    now = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    [mention] = _times("om 02:30", now)
    assert mention.window is not None
    assert not mention.past
    assert mention.window.end.astimezone(UTC) > now


def test_the_hour_that_is_skipped_lies_after_the_change() -> None:
    window = soonest(_times("vannacht om 02:30", datetime(2026, 3, 28, 23, 0, tzinfo=AMSTERDAM)))
    assert window is not None
    assert window.start.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_quarter_of_an_hour_is_real_time_over_the_change() -> None:
    now = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    [mention] = _times("over een kwartier", now)
    assert mention.window is not None
    assert (mention.window.start.astimezone(UTC) - now).total_seconds() == 11.25 * 60
