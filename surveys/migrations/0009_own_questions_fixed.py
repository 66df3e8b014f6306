"""The team's own questions stay as they are once their survey has been answered."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION surveys_check_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM surveys_response WHERE survey_id = OLD.survey_id)
        OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM surveys_response WHERE survey_id = NEW.survey_id) THEN
        RAISE EXCEPTION 'The survey has been answered: nothing in it changes any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_fixed_once_answered';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER surveys_question_rules BEFORE INSERT OR UPDATE OR DELETE ON surveys_question
    FOR EACH ROW EXECUTE FUNCTION surveys_check_question();
"""
BACKWARD = """
DROP TRIGGER surveys_question_rules ON surveys_question;
DROP FUNCTION surveys_check_question;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_own_questions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
