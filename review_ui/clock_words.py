"""Moments in words for a reader: 'vandaag 14:25', '9 min geleden', 'nog 1 u 25'. Always in the team's own time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations

from babel.dates import format_date

from review_ui.language import Language
from review_ui.staffing import HOME


@dataclass(frozen=True)
class ClockWords:
    """Says moments relative to `now`, in one language."""

    now: datetime
    language: Language
    catalogue: NullTranslations

    def when(self, moment: datetime) -> str:
        """A moment: 'vandaag 14:25', 'morgen 8:15', 'vrijdag 20 november 8:15'."""
        local, today = moment.astimezone(HOME), self.now.astimezone(HOME).date()
        clock = f"{local.hour}:{local.minute:02}"
        words = {
            today: self.catalogue.gettext("vandaag"),
            today + timedelta(days=1): self.catalogue.gettext("morgen"),
            today - timedelta(days=1): self.catalogue.gettext("gisteren"),
        }
        day = words.get(local.date()) or format_date(local.date(), "EEEE d MMMM", locale=self.language.value)
        return f"{day} {clock}"

    def second(self, moment: datetime) -> str:
        """A moment of today to the second, for what lasts a minute: '14:25:30'."""
        return moment.astimezone(HOME).strftime("%H:%M:%S")

    def between(self, start: datetime, end: datetime) -> str:
        """A time window: one moment, or from and to; a whole day is just the day."""
        first, last = start.astimezone(HOME), end.astimezone(HOME)
        if last - first >= timedelta(hours=20) and first.date() == (last - timedelta(minutes=1)).date():
            return self.when(start).rsplit(" ", 1)[0]
        if last - first < timedelta(minutes=1):
            return self.when(start)
        if first.date() == last.date():
            return f"{self.when(start)}–{last.hour}:{last.minute:02}"
        return f"{self.when(start)} – {self.when(end)}"

    def ago(self, moment: datetime) -> str:
        """How long ago: 'zojuist', '9 min geleden', '2 u geleden', '3 dagen geleden'."""
        minutes = int((self.now - moment) / timedelta(minutes=1))
        if minutes < 1:
            return self.catalogue.gettext("zojuist")
        if minutes < 60:
            return self.catalogue.gettext("%(minutes)s min geleden") % {"minutes": minutes}
        if minutes < 48 * 60:
            return self.catalogue.gettext("%(hours)s u geleden") % {"hours": minutes // 60}
        return self.catalogue.gettext("%(days)s dagen geleden") % {"days": minutes // (24 * 60)}

    def left(self, start: datetime | None, end: datetime | None) -> str:
        """Time left until the named moment; says so when it is now, is over, or was never named."""
        if start is None or end is None:
            return self.catalogue.gettext("geen tijd genoemd")
        if end <= self.now:
            return self.catalogue.gettext("moment voorbij")
        if start <= self.now:
            return self.catalogue.gettext("nu")
        minutes = int((start - self.now) / timedelta(minutes=1))
        if minutes < 60:
            return self.catalogue.gettext("nog %(minutes)s min") % {"minutes": max(minutes, 1)}
        if minutes < 24 * 60:
            return self.catalogue.gettext("nog %(hours)s u %(minutes)02d") % {
                "hours": minutes // 60,
                "minutes": minutes % 60,
            }
        return self.catalogue.gettext("over %(days)s dagen") % {"days": -(-minutes // (24 * 60))}

    def minutes_left(self, end: datetime) -> int:
        """Whole minutes until `end`, at least 0."""
        return max(0, int((end - self.now) / timedelta(minutes=1)))
