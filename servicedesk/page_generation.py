"""Which state the public pages are in: a mark that becomes another one in the transaction that changes them.

Triggers renew it, so nothing that writes can forget it: neither the admin, nor a shell, nor the raw SQL with which
Wagtail moves pages. They stand on the *watched* tables; a migration that makes a table which public pages read says
``Watch("its_name")``, and tests/test_page_cache.py fails where one is missing.

The mark has several places, so that two who write at once need not wait for each other (waiting could end in a
deadlock, since a trigger runs in the middle of somebody's transaction): each takes one that nobody holds, or makes
one. It is drawn, not counted, so that it never returns: not after a restore, not after a rollback.
"""

from django.db import connection
from django.db.migrations.operations import RunSQL

# Once for each transaction is enough. The setting ends with it, or with a savepoint whose end takes the mark back, too.
CREATE = """
    CREATE TABLE page_generation (
        place integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mark uuid NOT NULL DEFAULT gen_random_uuid()
    );
    INSERT INTO page_generation DEFAULT VALUES;

    CREATE FUNCTION renew_page_generation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('servicedesk.page_generation', true) = 'renewed' THEN
            RETURN NULL;
        END IF;
        UPDATE page_generation SET mark = gen_random_uuid() WHERE place = (
            SELECT place FROM page_generation ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO page_generation DEFAULT VALUES;
        END IF;
        PERFORM set_config('servicedesk.page_generation', 'renewed', true);
        RETURN NULL;
    END $$;
"""
# Who looks in the middle of a transaction, as tests do, sees the change after it too.
READ = """
    SELECT string_agg(mark::text, ' ' ORDER BY place), set_config('servicedesk.page_generation', '', true)
      FROM page_generation
"""
REMOVE = "DROP FUNCTION renew_page_generation(); DROP TABLE page_generation;"


class Watch(RunSQL):
    """Migration operation: whatever is written into these tables renews the mark."""

    def __init__(self, *tables):
        self.tables = tables
        super().__init__(
            sql=[
                f"CREATE TRIGGER renew_page_generation AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION renew_page_generation()"
                for table in tables
            ],
            reverse_sql=[f"DROP TRIGGER renew_page_generation ON {table}" for table in tables],
        )

    def deconstruct(self):
        return self.__class__.__name__, list(self.tables), {}

    def describe(self):
        return f"Watch {', '.join(self.tables)} for changes of public pages"


def current():
    """The mark as of now. Whoever reads the tables after this sees at least what it stands for."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return cursor.fetchone()[0]


def watched_tables():
    """The names of all tables that renew the mark."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'renew_page_generation'")
        return {name for [name] in cursor.fetchall()}
