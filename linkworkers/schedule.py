"""What Celery does by the clock: the CELERY_BEAT_SCHEDULE setting."""

from celery.schedules import crontab

# Every task asks what is due and not yet done, so a run that is skipped or repeated changes nothing.
CELERY_BEAT_SCHEDULE = {
    "deliver what is waiting in the outbox": {
        "task": "linkworkers.outbox.tasks.deliver_due",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "morning digests": {
        "task": "referrals.tasks.send_morning_digests",
        "schedule": crontab(minute="*/10", hour="6-12"),
        "options": {"expires": 540},
    },
    "flag referrals unanswered for 14 days": {
        "task": "referrals.tasks.flag_unanswered_referrals",
        "schedule": crontab(minute=15),
        "options": {"expires": 3000},
    },
    "take in what waits in the office": {
        "task": "directory.tasks.take_in_next_import",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "write the files of open data": {
        "task": "directory.tasks.write_dumps",
        "schedule": crontab(minute=10, hour=2),
    },
    "add up what the open data's pages count by": {
        "task": "directory.tasks.compact_tallies",
        "schedule": crontab(minute=25),
        "options": {"expires": 3000},
    },
    "ask owners whether their listings are still right": {
        "task": "directory.tasks.ask_owners",
        "schedule": crontab(minute=20, hour=8),
    },
    "go over the listings": {
        "task": "directory.tasks.go_over_listings",
        "schedule": crontab(minute=30, hour=2),
    },
    "forget old counts of searches": {
        "task": "directory.tasks.forget_old_searches",
        "schedule": crontab(minute=45, hour=3),
    },
    "a day's replies in topics that are followed": {
        "task": "members.tasks.send_topic_summaries",
        "schedule": crontab(minute="*/20", hour="17-20"),
        "options": {"expires": 1100},
    },
    "count communities anew": {
        "task": "members.tasks.recount_communities",
        "schedule": crontab(minute=15, hour=3),
    },
    "write to whoever posted a job or a role": {
        "task": "members.tasks.write_vacancy_letters",
        "schedule": crontab(minute=40, hour="8-17"),
        "options": {"expires": 3000},
    },
    "forget old jobs and roles": {
        "task": "members.tasks.forget_old_vacancies",
        "schedule": crontab(minute=35, hour=3),
    },
    "remind members of their learning year": {
        "task": "members.tasks.remind_of_learning_year",
        "schedule": crontab(minute=10, hour=9),
    },
    "ask members about supervision": {
        "task": "members.tasks.ask_about_supervision",
        "schedule": crontab(minute=20, hour=9),
    },
    "forget ended sessions": {
        "task": "linkworkers.tasks.clear_sessions",
        "schedule": crontab(minute=50, hour=3),
    },
    "forget what old mails said": {
        "task": "linkworkers.outbox.tasks.forget_old_messages",
        "schedule": crontab(minute=5, hour=4),
    },
    "take in bank lines whose invoice is chosen": {
        "task": "members.tasks.take_in_bank_lines",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "remind of invoices": {
        "task": "members.tasks.remind_of_invoices",
        "schedule": crontab(minute=40, hour=8),
    },
    "remind of memberships that end": {
        "task": "members.tasks.send_renewals",
        "schedule": crontab(minute=30, hour="8-18"),
        "options": {"expires": 3000},
    },
    "employers' summaries": {
        "task": "members.tasks.send_employer_summaries",
        "schedule": crontab(minute=50, hour="8-18"),
        "options": {"expires": 3000},
    },
    "members' digests": {
        "task": "linkworkers.digests.send_members_digests",
        "schedule": crontab(minute="*/20", hour="7-21", day_of_week="thu,fri,sat,sun"),
        "options": {"expires": 1140},
    },
    "make clinics' sessions ahead": {
        "task": "volunteers.tasks.generate_sessions",
        "schedule": crontab(minute=5, hour=4),
    },
    "ask volunteers who claimed nothing": {
        "task": "volunteers.tasks.nudge_about_expenses",
        "schedule": crontab(minute=25, hour=10),
    },
    "remind volunteers of shifts and trainings": {
        "task": "volunteers.tasks.send_reminders",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "tell coordinators which sessions are short": {
        "task": "volunteers.tasks.tell_unfilled",
        "schedule": crontab(minute=5, hour="8-18"),
        "options": {"expires": 3000},
    },
    "volunteers' week": {
        "task": "volunteers.tasks.send_weeks",
        "schedule": crontab(minute=35, hour="7-21", day_of_week="sun,mon,tue"),
        "options": {"expires": 3000},
    },
    "ask the next volunteers for cover": {
        "task": "volunteers.tasks.ask_further_for_cover",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "give back times of clinics that nobody answered for": {
        "task": "volunteers.tasks.release_offers",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "write down who did not come to a clinic": {
        "task": "volunteers.tasks.write_down_missed",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "forget old drafts": {
        "task": "referrals.tasks.delete_expired_drafts",
        "schedule": crontab(minute=40, hour=3),
    },
    "note what volunteers reached": {
        "task": "volunteers.tasks.note_milestones",
        "schedule": crontab(minute=10, hour=5),
    },
    "look after photo boards": {
        "task": "volunteers.tasks.look_after_boards",
        "schedule": crontab(minute=5, hour=0),
    },
    "tell what clinics achieved": {
        "task": "volunteers.tasks.tell_what_clinics_achieved",
        "schedule": crontab(minute=25, hour=7),
    },
    "note what volunteers have by a course": {
        "task": "volunteers.tasks.note_courses",
        "schedule": crontab(minute=25, hour="6-22"),
        "options": {"expires": 3000},
    },
    "remind of checks that end": {
        "task": "volunteers.tasks.remind_of_checks",
        "schedule": crontab(minute=15, hour=9),
    },
    "remind referees": {
        "task": "volunteers.tasks.remind_referees",
        "schedule": crontab(minute=35, hour="9-17"),
        "options": {"expires": 3000},
    },
    "end volunteers' pauses": {
        "task": "volunteers.tasks.end_pauses",
        "schedule": crontab(minute=5, hour="1-8"),
        "options": {"expires": 3000},
    },
    "end shifts of whoever is no longer a volunteer for them": {
        "task": "volunteers.tasks.end_lapsed_shifts",
        "schedule": crontab(minute=15, hour="6-22"),
        "options": {"expires": 3000},
    },
    "forget old volunteers": {
        "task": "volunteers.tasks.forget_old_volunteers",
        "schedule": crontab(minute=55, hour=3),
    },
    "book what was paid by card": {
        "task": "events.tasks.confirm_paid_bookings",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "free bookings left half way": {
        "task": "events.tasks.free_lapsed_bookings",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "offer free places to whoever waits": {
        "task": "events.tasks.move_waitlists_on",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "close waitlists of what has begun": {
        "task": "events.tasks.close_waitlists",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "remind of events": {
        "task": "events.tasks.send_event_reminders",
        "schedule": crontab(minute="*/20"),
        "options": {"expires": 1100},
    },
    "credit attendance of events": {
        "task": "events.tasks.credit_attendance",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 800},
    },
    "forget old attendees of events": {
        "task": "events.tasks.forget_old_attendees",
        "schedule": crontab(minute=35, hour=4),
    },
    "remind of contributions to events": {
        "task": "events.tasks.remind_of_contributions",
        "schedule": crontab(minute=20, hour="9-17"),
        "options": {"expires": 3000},
    },
    "forget old contributions to events": {
        "task": "events.tasks.forget_old_contributions",
        "schedule": crontab(minute=25, hour=4),
    },
}
