"""Which tables each transaction has changed, for `accounts.memory`; the triggers that say so are made by later apps.

Nothing of it outlives a crash, and nothing has to: so it costs no writing ahead.
"""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE accounts_change (
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    source text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (xact, source)
);
CREATE FUNCTION accounts_says_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO accounts_change (source) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
BACKWARD = """
DROP FUNCTION accounts_says_changed();
DROP TABLE accounts_change;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_addresses_and_one_person")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
