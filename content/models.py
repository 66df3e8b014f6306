"""What the public site and the resources say; edited by staff."""

from django.db import models

from accounts.fields import Base


class Shipped(Base):
    """A row whose first words came with the product, from the file of this name; blank where staff made it.

    `shipped_digest` tells which shipped words it was last looked at beside; blank where nobody knows.
    """

    shipped_as = models.SlugField(max_length=60, blank=True, editable=False, db_default="")
    shipped_digest = models.CharField(max_length=64, blank=True, editable=False, db_default="")

    class Meta:
        abstract = True


class PageText(Shipped):
    """One editable piece of a page, in Markdown."""

    key = models.SlugField(max_length=60, unique=True, help_text="Where the text stands. Fixed by the pages.")
    title = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown.")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Faq(Shipped):
    """A question that visitors ask, with its answer."""

    question = models.CharField(max_length=250)
    answer = models.TextField(help_text="Markdown.")
    position = models.PositiveSmallIntegerField(default=0)
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "question"]
        verbose_name = "frequently asked question"

    def __str__(self) -> str:
        return self.question


class Resource(Shipped):
    """Training or reading for people in one role of one format; blank means everybody."""

    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=300)
    body = models.TextField(help_text="Markdown.")
    format_key = models.SlugField("format", max_length=20, blank=True, help_text="Blank: every format.")
    role = models.CharField(max_length=20, blank=True, help_text="mentor, mentee or partner. Blank: every role.")
    position = models.PositiveSmallIntegerField(default=0)
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title


class Baseline(models.Model):
    """The programme's record before this software: the figures that live ones are added to."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    organisations = models.PositiveIntegerField()
    mentees = models.PositiveIntegerField()
    mentors = models.PositiveIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="baseline_one_row")]
        verbose_name = "historical baseline"
        verbose_name_plural = "historical baseline"

    def __str__(self) -> str:
        return f"Baseline as of {self.as_of:%d %B %Y}"
