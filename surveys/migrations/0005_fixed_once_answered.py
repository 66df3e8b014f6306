"""What PostgreSQL can hold of two rules: what was answered stays as it is, and nothing is asked without permission."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION surveys_check_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM surveys_response WHERE survey_id = OLD.survey_id)
        OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM surveys_response WHERE survey_id = NEW.survey_id) THEN
        RAISE EXCEPTION 'The survey has been answered: nothing in it changes any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_fixed_once_answered';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF EXISTS (SELECT 1 FROM surveys_instrument WHERE id = NEW.instrument_id AND permission = 'needed') THEN
        RAISE EXCEPTION 'The instrument needs its authors’ permission.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_part_permitted';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER surveys_part_rules BEFORE INSERT OR UPDATE OR DELETE ON surveys_surveypart
    FOR EACH ROW EXECUTE FUNCTION surveys_check_part();

CREATE FUNCTION surveys_is_answered(instrument uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM surveys_response r JOIN surveys_surveypart p ON p.survey_id = r.survey_id
                   WHERE p.instrument_id = instrument)
$$;

CREATE FUNCTION surveys_check_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND surveys_is_answered(OLD.instrument_id)
        OR TG_OP <> 'DELETE' AND surveys_is_answered(NEW.instrument_id) THEN
        RAISE EXCEPTION 'The instrument has been answered: a change is a new version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instrument_fixed_once_answered';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER surveys_item_rules BEFORE INSERT OR UPDATE OR DELETE ON surveys_item
    FOR EACH ROW EXECUTE FUNCTION surveys_check_item();

CREATE FUNCTION surveys_check_instrument() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF surveys_is_answered(OLD.id) THEN
        RAISE EXCEPTION 'The instrument has been answered: a change is a new version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instrument_fixed_once_answered';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER surveys_instrument_rules
    BEFORE UPDATE OF key, version, scale_min, scale_max, anchors, scoring, min_items ON surveys_instrument
    FOR EACH ROW WHEN ((OLD.key, OLD.version, OLD.scale_min, OLD.scale_max, OLD.anchors, OLD.scoring, OLD.min_items)
        IS DISTINCT FROM
        (NEW.key, NEW.version, NEW.scale_min, NEW.scale_max, NEW.anchors, NEW.scoring, NEW.min_items))
    EXECUTE FUNCTION surveys_check_instrument();

CREATE FUNCTION surveys_check_survey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM surveys_response WHERE survey_id = OLD.id) THEN
        RAISE EXCEPTION 'The survey has been answered: nothing in it changes any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_fixed_once_answered';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER surveys_survey_rules BEFORE UPDATE ON surveys_survey
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION surveys_check_survey();
"""
BACKWARD = """
DROP TRIGGER surveys_survey_rules ON surveys_survey;
DROP FUNCTION surveys_check_survey;
DROP TRIGGER surveys_instrument_rules ON surveys_instrument;
DROP FUNCTION surveys_check_instrument;
DROP TRIGGER surveys_item_rules ON surveys_item;
DROP FUNCTION surveys_check_item;
DROP FUNCTION surveys_is_answered;
DROP TRIGGER surveys_part_rules ON surveys_surveypart;
DROP FUNCTION surveys_check_part;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_permission_evidence")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
