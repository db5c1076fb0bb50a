from django.db import migrations

# A foreign key over both times: whoever moves a session moves its shifts, and the database sees whether its volunteers
# are free then. Django has no way to say it.
ADD = """
    ALTER TABLE volunteers_shift ADD CONSTRAINT shift_at_the_times_of_its_session
    FOREIGN KEY (session_id, starts_at, ends_at) REFERENCES volunteers_clinicsession (id, starts_at, ends_at)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE volunteers_shift DROP CONSTRAINT shift_at_the_times_of_its_session"


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_volunteers")]
    operations = [migrations.RunSQL(ADD, DROP)]
