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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "whom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(models.F("by"), models.F("whom"), name="block_once"),
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("whom")), _negated=True), name="block_of_somebody_else"
                    ),
                ],
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
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["begun_by", "created_at"], name="correspondence_begun"),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("first"), models.F("second"), name="correspondence_one_for_two"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="correspondence_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begun_by", models.F("first")), ("begun_by", models.F("second")), _connector="OR"
                        ),
                        name="correspondence_begun_by_one_of_two",
                    ),
                ],
            },
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_written",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "correspondence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="members.correspondence"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_got",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(condition=models.Q(("read_at", None)), fields=["to"], name="member_letter_unread"),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("by"), models.F("send_key"), name="member_letter_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("to")), _negated=True), name="member_letter_to_somebody_else"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_back_at", None), models.Q(("text", ""), _negated=True)),
                            models.Q(("about", ""), ("taken_back_at__isnull", False), ("text", "")),
                            _connector="OR",
                        ),
                        name="member_letter_has_text_until_taken_back",
                    ),
                ],
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
    ]
