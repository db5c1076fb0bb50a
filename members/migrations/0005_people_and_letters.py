import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import members.models.contact


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_bank_files"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Correspondence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=members.models.contact.new_key, editable=False, max_length=20, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("last_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="MemberLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField(blank=True, max_length=5000)),
                ("send_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("read_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "letter",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="profile",
            name="words",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="left and erased"),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], name="profile_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at", None),
                    models.Q(("email__endswith", "@left.invalid"), ("is_active", False)),
                    _connector="OR",
                ),
                name="user_left_is_erased",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="whom",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correspondence",
            name="begun_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correspondence",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correspondence",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="memberletter",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters_written", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="memberletter",
            name="correspondence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="members.correspondence"
            ),
        ),
        migrations.AddField(
            model_name="memberletter",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters_got", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(models.F("by"), models.F("whom"), name="block_once"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", models.F("whom")), _negated=True), name="block_of_somebody_else"
            ),
        ),
        migrations.AddIndex(
            model_name="correspondence",
            index=models.Index(fields=["begun_by", "created_at"], name="correspondence_begun"),
        ),
        migrations.AddConstraint(
            model_name="correspondence",
            constraint=models.UniqueConstraint(
                models.F("first"), models.F("second"), name="correspondence_one_for_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="correspondence",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="correspondence_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="correspondence",
            constraint=models.CheckConstraint(
                condition=models.Q(("begun_by", models.F("first")), ("begun_by", models.F("second")), _connector="OR"),
                name="correspondence_begun_by_one_of_two",
            ),
        ),
        migrations.AddIndex(
            model_name="memberletter",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["to"], name="member_letter_unread"),
        ),
        migrations.AddConstraint(
            model_name="memberletter",
            constraint=models.UniqueConstraint(models.F("by"), models.F("send_key"), name="member_letter_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="memberletter",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", models.F("to")), _negated=True), name="member_letter_to_somebody_else"
            ),
        ),
        migrations.AddConstraint(
            model_name="memberletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_back_at", None), models.Q(("text", ""), _negated=True)),
                    models.Q(("about", ""), ("taken_back_at__isnull", False), ("text", "")),
                    _connector="OR",
                ),
                name="member_letter_has_text_until_taken_back",
            ),
        ),
    ]
