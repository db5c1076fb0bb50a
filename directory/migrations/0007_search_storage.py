"""What the search reads of every candidate stays in the row; what only a page shows of ten makes way for it.

Statistics of a thousand words, for the plan hangs on whether a word is frequent.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_imports_and_names")]

    operations = [
        migrations.RemoveIndex(model_name="searchentry", name="search_words"),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(
                models.OrderBy(models.F("fresh_on"), descending=True),
                condition=models.Q(("reach", 2)),
                name="search_national",
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=GinIndex(fields=["words"], name="search_words"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=GinIndex(fields=["needs"], name="search_needs"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=GinIndex(condition=models.Q(("reach", 1)), fields=["covers"], name="search_covers"),
        ),
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
