"""What a run aimed at, and people who are kept apart, which PostgreSQL holds too.

Whoever is seated, and whoever keeps two people apart, locks the enrolments concerned: at the same moment one of the
two waits, and then sees what the other did.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock

FORWARD = """
CREATE FUNCTION circles_check_membership_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.left_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM participants_enrolment WHERE id = NEW.enrolment_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM circles_membership o
            JOIN circles_keptapart k ON (k.first_id = NEW.enrolment_id AND k.second_id = o.enrolment_id)
                OR (k.second_id = NEW.enrolment_id AND k.first_id = o.enrolment_id)
            WHERE o.circle_id = NEW.circle_id AND o.left_at IS NULL AND o.id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'Somebody sits in the circle whom this person is kept apart from.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_kept_apart';
    END IF;
    RETURN NEW;
END $$;

-- Named to run after circles_membership_rules, which locks the circle.
CREATE TRIGGER circles_membership_rules_apart
    BEFORE INSERT OR UPDATE OF circle_id, enrolment_id, left_at ON circles_membership
    FOR EACH ROW EXECUTE FUNCTION circles_check_membership_apart();

CREATE FUNCTION circles_check_kept_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM participants_enrolment WHERE id IN (NEW.first_id, NEW.second_id) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM participants_enrolment
               WHERE id IN (NEW.first_id, NEW.second_id) AND cohort_id <> NEW.cohort_id) THEN
        RAISE EXCEPTION 'The two are enrolled in another cohort.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'kept_apart_same_cohort';
    END IF;
    IF EXISTS (
        SELECT 1 FROM circles_membership a JOIN circles_membership b ON b.circle_id = a.circle_id
            WHERE a.enrolment_id = NEW.first_id AND b.enrolment_id = NEW.second_id
                AND a.left_at IS NULL AND b.left_at IS NULL
    ) THEN
        RAISE EXCEPTION 'The two sit in one circle.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'kept_apart_not_seated_together';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_kept_apart_rules
    BEFORE INSERT OR UPDATE ON circles_keptapart
    FOR EACH ROW EXECUTE FUNCTION circles_check_kept_apart();

CREATE FUNCTION circles_check_enrolment_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM circles_keptapart WHERE first_id = NEW.id OR second_id = NEW.id) THEN
        RAISE EXCEPTION 'Somebody who is kept apart from another keeps their cohort.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_fixed_while_kept_apart';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_enrolment_rules_apart
    BEFORE UPDATE OF cohort_id ON participants_enrolment
    FOR EACH ROW WHEN (OLD.cohort_id <> NEW.cohort_id)
    EXECUTE FUNCTION circles_check_enrolment_apart();
"""

BACKWARD = """
DROP TRIGGER circles_enrolment_rules_apart ON participants_enrolment;
DROP FUNCTION circles_check_enrolment_apart();
DROP TRIGGER circles_kept_apart_rules ON circles_keptapart;
DROP FUNCTION circles_check_kept_apart();
DROP TRIGGER circles_membership_rules_apart ON circles_membership;
DROP FUNCTION circles_check_membership_apart();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0002_membership_rules"),
        ("cohorts", "0001_initial"),
        ("participants", "0002_answers_so_far"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="formationrun",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The older proposal that staff took up again.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="circles.formationrun",
            ),
        ),
        migrations.AddField(
            model_name="formationrun",
            name="settings",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
                help_text="minimum, target, own organisation, weights: what the run was told to aim at",
            ),
        ),
        migrations.CreateModel(
            name="KeptApart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kept_apart", to="cohorts.cohort"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="participants.enrolment"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="participants.enrolment"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="kept_apart_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="kept_apart_in_order"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
