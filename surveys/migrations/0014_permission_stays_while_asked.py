"""A scale that stands in a survey keeps its permission, so that nothing goes live without one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION surveys_check_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM surveys_surveypart WHERE instrument_id = NEW.id) THEN
        RAISE EXCEPTION 'The instrument stands in a survey: it is taken out of there before its permission is lost.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_part_permitted';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER surveys_instrument_permission BEFORE UPDATE OF permission ON surveys_instrument
    FOR EACH ROW WHEN (NEW.permission = 'needed' AND OLD.permission IS DISTINCT FROM NEW.permission)
    EXECUTE FUNCTION surveys_check_permission();
"""
BACKWARD = """
DROP TRIGGER surveys_instrument_permission ON surveys_instrument;
DROP FUNCTION surveys_check_permission;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0013_publications_comments_and_places")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
