"""Addresses of other members, letters between them, mail choices and leaving: beneath /members/."""

from django.urls import path

from members.views import letters, mail, people, your_data

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<slug:profile_key>/", people.member_profile, name="member_profile"),
    path("people/<slug:profile_key>/block/", letters.member_block, name="member_block"),
    path("profile/", people.profile_edit, name="profile_edit"),
    path("letters/", letters.letters, name="letters"),
    path("letters/blocked/", letters.blocks, name="blocks"),
    path("letters/blocked/<int:block_id>/end/", letters.block_end, name="block_end"),
    path("letters/to/<slug:profile_key>/", letters.letter_new, name="letter_new"),
    path("letters/<slug:correspondence_key>/", letters.correspondence, name="correspondence"),
    path("letters/<slug:correspondence_key>/read/", letters.letters_read, name="letters_read"),
    path("letters/<slug:correspondence_key>/block/", letters.correspondence_block, name="correspondence_block"),
    path("mail/", mail.mail_choices, name="mail_choices"),
    path("unsubscribe/<str:mail_token>/", mail.unsubscribe, name="unsubscribe"),
    path("leave/", your_data.leave, name="leave"),
]
