"""A circle may close before its cohort does, alone or into another; and the hard rules that follow.

As in `0002_membership_rules` each check locks the rows that it reads, so that two changes at the same moment see each
other: first the enrolment, then the circle.
"""

import django.db.models.deletion
from django.db import migrations, models

CHECK_MEMBERSHIP = """
CREATE OR REPLACE FUNCTION circles_check_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    circle record;
    person record;
BEGIN
    IF NEW.left_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT cohort_id, side, organisation_id INTO person
        FROM participants_enrolment WHERE id = NEW.enrolment_id{lock_enrolment};
    SELECT c.capacity, c.cohort_id, {closed_at}f.own_organisation INTO circle
        FROM circles_circle c
        JOIN cohorts_cohort k ON k.id = c.cohort_id
        JOIN cohorts_format f ON f.id = k.format_id
        WHERE c.id = NEW.circle_id FOR NO KEY UPDATE OF c;{refuse_closed}
    IF NEW.seat > circle.capacity THEN
        RAISE EXCEPTION 'The circle has % seats.', circle.capacity
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_within_capacity';
    END IF;
    IF person.cohort_id <> circle.cohort_id THEN
        RAISE EXCEPTION 'The person is enrolled in another cohort.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_same_cohort';
    END IF;
    IF (NEW.seat = 0) <> (person.side = 'lead') THEN
        RAISE EXCEPTION 'Seat 0 is for who leads, the others for members.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_seat_follows_side';
    END IF;
    IF circle.own_organisation <> 'allowed' AND EXISTS (
        SELECT 1 FROM circles_membership o
            JOIN participants_enrolment e ON e.id = o.enrolment_id
            WHERE o.circle_id = NEW.circle_id AND o.left_at IS NULL AND o.id <> NEW.id
                AND (o.seat = 0) <> (NEW.seat = 0)
                AND (e.organisation_id = person.organisation_id) = (circle.own_organisation = 'forbidden')
    ) THEN
        RAISE EXCEPTION 'Whether a lead has members of their own organisation is set by the format: %.',
            circle.own_organisation
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_own_organisation';
    END IF;
    RETURN NEW;
END $$;
"""


def check_membership(closed: bool) -> str:
    """The function as it is from here on, or as it was before."""
    refuse = """
    IF circle.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'The circle is closed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_in_closed_circle';
    END IF;"""
    words = {
        "{lock_enrolment}": " FOR NO KEY UPDATE" if closed else "",
        "{closed_at}": "c.closed_at, " if closed else "",
        "{refuse_closed}": refuse if closed else "",
    }
    text = CHECK_MEMBERSHIP
    for name, value in words.items():
        text = text.replace(name, value)
    return text


CLOSING = """
CREATE FUNCTION circles_check_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM circles_membership WHERE circle_id = NEW.id AND left_at IS NULL) THEN
        RAISE EXCEPTION 'A circle in which somebody sits stays open.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circle_empty_when_closed';
    END IF;
    IF EXISTS (SELECT 1 FROM circles_session
               WHERE circle_id = NEW.id AND state = 'planned' AND starts_at > NEW.closed_at) THEN
        RAISE EXCEPTION 'A closed circle has no session to come.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circle_without_sessions_when_closed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_closing_rules
    BEFORE INSERT OR UPDATE OF closed_at ON circles_circle
    FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION circles_check_closing();

CREATE FUNCTION circles_check_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    circle record;
BEGIN
    SELECT closed_at INTO circle FROM circles_circle WHERE id = NEW.circle_id FOR NO KEY UPDATE;
    IF circle.closed_at < NEW.starts_at THEN
        RAISE EXCEPTION 'A closed circle meets no more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_before_circle_closed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_session_rules
    BEFORE INSERT OR UPDATE OF circle_id, starts_at, state ON circles_session
    FOR EACH ROW WHEN (NEW.state = 'planned')
    EXECUTE FUNCTION circles_check_session();

CREATE FUNCTION circles_check_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seated record;
BEGIN
    SELECT m.circle_id, m.seat INTO seated
        FROM circles_membership m WHERE m.enrolment_id = NEW.id AND m.left_at IS NULL;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM circles_circle WHERE id = seated.circle_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM circles_membership o
            JOIN participants_enrolment e ON e.id = o.enrolment_id
            JOIN circles_circle c ON c.id = o.circle_id
            JOIN cohorts_cohort k ON k.id = c.cohort_id
            JOIN cohorts_format f ON f.id = k.format_id
            WHERE o.circle_id = seated.circle_id AND o.left_at IS NULL AND e.id <> NEW.id
                AND (o.seat = 0) <> (seated.seat = 0) AND f.own_organisation <> 'allowed'
                AND (e.organisation_id = NEW.organisation_id) = (f.own_organisation = 'forbidden')
    ) THEN
        RAISE EXCEPTION 'Whether a lead has members of their own organisation is set by the format.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_own_organisation';
    END IF;
    RETURN NEW;
END $$;

-- After the statement: two organisations that become one change for everybody in a circle at once.
CREATE TRIGGER circles_organisation_rules
    AFTER UPDATE OF organisation_id ON participants_enrolment
    FOR EACH ROW WHEN (OLD.organisation_id <> NEW.organisation_id)
    EXECUTE FUNCTION circles_check_organisation();
"""

REOPENING = """
DROP TRIGGER circles_organisation_rules ON participants_enrolment;
DROP FUNCTION circles_check_organisation();
DROP TRIGGER circles_session_rules ON circles_session;
DROP FUNCTION circles_check_session();
DROP TRIGGER circles_closing_rules ON circles_circle;
DROP FUNCTION circles_check_closing();
"""


class Migration(migrations.Migration):
    dependencies = [("circles", "0003_kept_apart")]

    operations = [
        migrations.AddField(
            model_name="circle",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="circle",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="circles.circle",
            ),
        ),
        migrations.AddConstraint(
            model_name="circle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("closed_at__isnull", False), models.Q(("merged_into", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="circle_merged_is_closed",
            ),
        ),
        migrations.RunSQL(check_membership(closed=True) + CLOSING, REOPENING + check_membership(closed=False)),
    ]
