"""Listings are marked with the synonyms that they have a word of."""

import django.contrib.postgres.search
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_search_storage")]

    operations = [
        migrations.RemoveIndex(model_name="searchentry", name="search_words"),
        migrations.RemoveField(model_name="searchentry", name="words"),
        migrations.AddField("searchentry", "title_senses", models.TextField(default="")),
        migrations.AddField("searchentry", "senses", models.TextField(default="")),
        migrations.AddField(
            model_name="searchentry",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector("title", weight="A", config="directory")
                + SearchVector("title_senses", weight="A", config="simple")
                + SearchVector("keywords", weight="B", config="directory")
                + SearchVector("body", weight="C", config="directory")
                + SearchVector("senses", weight="C", config="simple"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex("searchentry", GinIndex(fields=["words"], name="search_words")),
        migrations.RunSQL(
            "ALTER TABLE directory_searchentry ALTER COLUMN words SET STORAGE MAIN, ALTER COLUMN words SET STATISTICS 1000",
            migrations.RunSQL.noop,
        ),
    ]
