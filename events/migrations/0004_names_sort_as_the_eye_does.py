import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_feedback_and_reflections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_event_name",
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("event"),
                models.Func(
                    django.db.models.functions.text.Lower(
                        models.Func(
                            models.F("name"),
                            output_field=models.CharField(),
                            template="NORMALIZE(%(expressions)s, NFD)",
                        )
                    ),
                    models.Value("łøđðħŧıßæœþ"),
                    models.Value("loddhtisaot"),
                    function="TRANSLATE",
                    output_field=models.CharField(),
                ),
                condition=models.Q(("state", "valid")),
                name="ticket_event_name",
            ),
        ),
    ]
