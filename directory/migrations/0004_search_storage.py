"""What the search reads of every candidate stays in the row; what only a page shows of ten makes way for it.

Statistics of a thousand words, for the plan hangs on whether a word is frequent.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_needs_and_synonyms")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE directory_searchentry SET (toast_tuple_target = 1024);
                ALTER TABLE directory_searchentry
                    ALTER COLUMN words SET STORAGE MAIN,
                    ALTER COLUMN words SET STATISTICS 1000,
                    ALTER COLUMN needs SET STORAGE MAIN,
                    ALTER COLUMN slots SET STORAGE MAIN,
                    ALTER COLUMN languages SET STORAGE MAIN,
                    ALTER COLUMN covers SET STORAGE MAIN,
                    ALTER COLUMN card SET STORAGE EXTERNAL,
                    ALTER COLUMN body SET STORAGE EXTERNAL,
                    ALTER COLUMN keywords SET STORAGE EXTERNAL;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
