"""How people rate their own goals."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.fields import Base
from cohorts.models import Topic


class GoalRating(Base):
    """How far somebody was with a goal when they started, and how far they are now. For their own eyes.

    Known by the random key under which their answers are kept. Without a topic it is the goal in their own words.
    """

    class Reach(models.IntegerChoices):
        NOT_BEGUN = 1, "Not begun"
        FIRST_STEP = 2, "A first step"
        HALF_WAY = 3, "About half-way"
        NEARLY = 4, "Nearly there"
        REACHED = 5, "Reached"

    participant_key = models.CharField(max_length=32, db_index=True)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="+")
    before = models.PositiveSmallIntegerField(
        null=True, choices=Reach.choices, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    now = models.PositiveSmallIntegerField(
        null=True, choices=Reach.choices, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["participant_key", "topic"], nulls_distinct=False, name="goal_rating_once"),
            models.CheckConstraint(
                condition=Q(before__isnull=True) | Q(before__range=(1, 5)), name="goal_rating_before_1_to_5"
            ),
            models.CheckConstraint(condition=Q(now__isnull=True) | Q(now__range=(1, 5)), name="goal_rating_now_1_to_5"),
        ]
