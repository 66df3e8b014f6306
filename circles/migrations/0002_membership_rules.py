"""The hard rules of a circle that PostgreSQL can hold, so that no path around the services can break them.

Each check locks the circle's row, so that two people who are seated at the same moment see each other.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION circles_check_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    circle record;
    person record;
BEGIN
    IF NEW.left_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT c.capacity, c.cohort_id, f.own_organisation INTO circle
        FROM circles_circle c
        JOIN cohorts_cohort k ON k.id = c.cohort_id
        JOIN cohorts_format f ON f.id = k.format_id
        WHERE c.id = NEW.circle_id FOR NO KEY UPDATE OF c;
    SELECT cohort_id, side, organisation_id INTO person
        FROM participants_enrolment WHERE id = NEW.enrolment_id;
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

CREATE TRIGGER circles_membership_rules
    BEFORE INSERT OR UPDATE OF circle_id, enrolment_id, seat, left_at ON circles_membership
    FOR EACH ROW EXECUTE FUNCTION circles_check_membership();

CREATE FUNCTION circles_check_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM circles_membership m JOIN participants_enrolment e ON e.id = m.enrolment_id
               WHERE m.circle_id = NEW.id AND m.left_at IS NULL
                   AND (m.seat > NEW.capacity OR e.cohort_id <> NEW.cohort_id)) THEN
        RAISE EXCEPTION 'People sit in the circle who would have no seat in it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circle_keeps_its_members';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_circle_rules
    BEFORE UPDATE OF capacity, cohort_id ON circles_circle
    FOR EACH ROW WHEN (OLD.capacity <> NEW.capacity OR OLD.cohort_id <> NEW.cohort_id)
    EXECUTE FUNCTION circles_check_circle();

CREATE FUNCTION circles_check_enrolment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM circles_membership WHERE enrolment_id = NEW.id AND left_at IS NULL) THEN
        RAISE EXCEPTION 'Somebody who sits in a circle keeps their cohort and their side.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_fixed_while_seated';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER circles_enrolment_rules
    BEFORE UPDATE OF cohort_id, side ON participants_enrolment
    FOR EACH ROW WHEN (OLD.cohort_id <> NEW.cohort_id OR OLD.side <> NEW.side)
    EXECUTE FUNCTION circles_check_enrolment();
"""

BACKWARD = """
DROP TRIGGER circles_enrolment_rules ON participants_enrolment;
DROP FUNCTION circles_check_enrolment();
DROP TRIGGER circles_circle_rules ON circles_circle;
DROP FUNCTION circles_check_circle();
DROP TRIGGER circles_membership_rules ON circles_membership;
DROP FUNCTION circles_check_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("circles", "0001_initial"), ("participants", "0001_initial"), ("cohorts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
