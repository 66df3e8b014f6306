"""The audit trail is sealed in a chain, and lets a line go after two years; consent after six."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import accounts.clock

# What time it is by the one clock, which a demonstration moves and production never does.
FORWARD = """
CREATE FUNCTION privacy_clock() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT clock_timestamp() + make_interval(secs => coalesce((SELECT seconds FROM accounts_clockoffset), 0));
$$;

CREATE FUNCTION privacy_refuse(about text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed, and deleted only when their time is over.', about
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION privacy_hold_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR OLD.at > privacy_clock() - interval '2192 days' THEN
        PERFORM privacy_refuse(TG_TABLE_NAME);
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION privacy_hold_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
            AND to_jsonb(NEW) - 'seal_id' = to_jsonb(OLD) - 'seal_id' THEN
            RETURN NEW;
        END IF;
        PERFORM privacy_refuse(TG_TABLE_NAME);
    ELSIF OLD.at > privacy_clock() - interval '730 days' THEN
        PERFORM privacy_refuse(TG_TABLE_NAME);
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION privacy_hold_seals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.until > privacy_clock() - interval '730 days' THEN
        PERFORM privacy_refuse(TG_TABLE_NAME);
    ELSIF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'forgotten_at' <> to_jsonb(OLD) - 'forgotten_at' THEN
            PERFORM privacy_refuse(TG_TABLE_NAME);
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

DROP TRIGGER consent_append_only ON privacy_consentevent;
DROP TRIGGER audit_append_only ON privacy_auditevent;
DROP FUNCTION privacy_append_only();
CREATE TRIGGER consent_held BEFORE UPDATE OR DELETE ON privacy_consentevent
    FOR EACH ROW EXECUTE FUNCTION privacy_hold_consent();
CREATE TRIGGER audit_held BEFORE UPDATE OR DELETE ON privacy_auditevent
    FOR EACH ROW EXECUTE FUNCTION privacy_hold_trail();
CREATE TRIGGER seals_held BEFORE UPDATE OR DELETE ON privacy_auditseal
    FOR EACH ROW EXECUTE FUNCTION privacy_hold_seals();
"""
BACKWARD = """
DROP TRIGGER seals_held ON privacy_auditseal;
DROP TRIGGER audit_held ON privacy_auditevent;
DROP TRIGGER consent_held ON privacy_consentevent;
DROP FUNCTION privacy_hold_seals();
DROP FUNCTION privacy_hold_trail();
DROP FUNCTION privacy_hold_consent();
DROP FUNCTION privacy_refuse(text);
DROP FUNCTION privacy_clock();
CREATE FUNCTION privacy_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON privacy_consentevent
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON privacy_auditevent
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_erasure"), ("accounts", "0003_changes")]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("lines", models.PositiveIntegerField()),
                ("until", models.DateTimeField(help_text="When the newest of its lines was written.")),
                ("content", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["number"], "default_permissions": ()},
        ),
        migrations.AddField(
            model_name="auditevent",
            name="seal",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="privacy.auditseal",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(condition=models.Q(("seal", None)), fields=["at"], name="audit_unsealed"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
