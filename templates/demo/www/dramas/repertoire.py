"""What the front page asks the database for."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q

from dramas.models import Drama, Performance

SEARCHED = ("title", "original_title", "author", "synopsis")


@dataclass(frozen=True)
class Choice:
    """What the visitor looks for; "" is everything."""

    q: str = ""
    genre: str = ""
    country: str = ""

    @classmethod
    def of(cls, query):
        return cls(*(query.get(name, "").strip()[:80] for name in ("q", "genre", "country")))

    def __bool__(self):
        return bool(self.q or self.genre or self.country)

    def dramas(self):
        """Those in which each word occurs somewhere."""
        found = Drama.objects.all()
        for word in self.q.split():
            found = found.filter(_any_field_contains(word))
        if self.genre:
            found = found.filter(genre=self.genre)
        if self.country:
            found = found.filter(country=self.country)
        return found

    def url(self):
        chosen = {name: value for name, value in vars(self).items() if value}
        return "?" + urlencode(chosen) if chosen else "."

    def genres(self):
        """A row for "all" and one for each genre: name, how many there are, a link, whether it is chosen."""
        counts = _counts(replace(self, genre="").dramas(), "genre")
        rows = [("", sum(counts.values())), *sorted(counts.items(), key=lambda row: (-row[1], row[0]))]
        return [
            {"name": name, "count": count, "url": replace(self, genre=name).url(), "chosen": name == self.genre}
            for name, count in rows
        ]


def countries():
    return Drama.objects.order_by("country").values_list("country", flat=True).distinct()


def next_bill(today):
    """The performances of the first day from today on that has any (Mondays have none)."""
    first = _from(today).first()
    if first is None:
        return []
    end = datetime.combine(first.starts_at.date() + timedelta(days=1), time())
    return list(_from(today).filter(starts_at__lt=end).select_related("drama", "stage").order_by("stage"))


def coming(drama, today, limit):
    return list(_from(today).filter(drama=drama).select_related("stage")[:limit])


def _from(today: date):
    return Performance.objects.filter(starts_at__gte=datetime.combine(today, time()))


def _any_field_contains(word):
    anywhere = Q()
    for field in SEARCHED:
        anywhere |= Q(**{f"{field}__icontains": word})
    return anywhere


def _counts(dramas, column):
    return dict(dramas.order_by().values_list(column).annotate(Count("id")))
