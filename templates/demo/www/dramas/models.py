"""The tables of fixtures/01-schema.sql."""

from django.db import models


class Drama(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True)
    title = models.CharField(max_length=120)
    original_title = models.CharField(max_length=120)
    language = models.CharField(max_length=12)
    author = models.CharField(max_length=80)
    year = models.SmallIntegerField()
    circa = models.BooleanField()
    country = models.CharField(max_length=40)
    genre = models.CharField(max_length=20)
    acts = models.PositiveSmallIntegerField(null=True)
    synopsis = models.CharField(max_length=400)

    class Meta:
        managed = False
        db_table = "drama"
        ordering = ["year", "id"]

    def __str__(self):
        return self.title

    @property
    def foreign_title(self):
        """The original title where it is another one."""
        return self.original_title if self.original_title != self.title else ""

    @property
    def when(self):
        """"1879", "441 BC"; the fifth century is not 400 but "AD 400"."""
        if self.year < 0:
            return f"{-self.year} BC"
        return f"AD {self.year}" if self.year < 1000 else str(self.year)

    @property
    def length(self):
        if self.acts is None:
            return "Not divided into acts"
        return "One act" if self.acts == 1 else f"{_WORDS.get(self.acts, self.acts)} acts"


_WORDS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven"}


class Stage(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True)
    name = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "stage"

    def __str__(self):
        return self.name


class Performance(models.Model):
    drama = models.ForeignKey(Drama, models.PROTECT, related_name="performances")
    stage = models.ForeignKey(Stage, models.PROTECT)
    starts_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "performance"
        ordering = ["starts_at", "stage"]

    def __str__(self):
        return f"{self.drama}, {self.stage}, {self.starts_at:%d %B %Y %H:%M}"
