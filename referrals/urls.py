"""Addresses of the referral journey, all beneath /referrals/."""

from django.urls import path, register_converter

from referrals.views import case, inbox, messages, practice, referral, submission


class Reference:
    """A referral's reference, such as LW-7K3M-9QXD."""

    regex = "LW-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")

urlpatterns = [
    path("", referral.index, name="referrals"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("new/", submission.new, name="referral_new"),
    path("new/find/", submission.find_person, name="referral_find_person"),
    path("contact/", case.contact_anyone, name="contact_anyone"),
    path("drafts/<uuid:draft_id>/", submission.draft, name="referral_draft"),
    path("drafts/<uuid:draft_id>/save/", submission.autosave, name="referral_autosave"),
    path("drafts/<uuid:draft_id>/check/", submission.check, name="referral_check"),
    path("drafts/<uuid:draft_id>/delete/", submission.delete, name="referral_draft_delete"),
    path("<reference:reference>/", referral.detail, name="referral"),
    path("<reference:reference>/accept/", inbox.accept, name="referral_accept"),
    path("<reference:reference>/ask/", inbox.ask, name="referral_ask"),
    path("<reference:reference>/decline/", inbox.decline, name="referral_decline"),
    path("<reference:reference>/answer/", practice.answer, name="referral_answer"),
    path("<reference:reference>/withdraw/", practice.withdraw, name="referral_withdraw"),
    path("<reference:reference>/contact/", case.contact_new, name="contact_new"),
    path("<reference:reference>/contacts/<int:contact_id>/amend/", case.contact_amend, name="contact_amend"),
    path("<reference:reference>/appointment/", case.appointment_new, name="appointment_new"),
    path(
        "<reference:reference>/appointments/<int:appointment_id>/cancel/",
        case.appointment_cancel,
        name="appointment_cancel",
    ),
    path("<reference:reference>/follow-up/", case.follow_up_new, name="follow_up_new"),
    path("<reference:reference>/follow-ups/<int:follow_up_id>/done/", case.follow_up_done, name="follow_up_done"),
    path("<reference:reference>/person/", case.person_edit, name="person_edit"),
    path("<reference:reference>/identity/", case.identity_edit, name="identity_edit"),
    path("<reference:reference>/what-matters/", case.case_edit, name="case_edit"),
    path("<reference:reference>/consent/", case.consent_edit, name="consent_edit"),
    path("<reference:reference>/hand-over/", case.hand_over, name="hand_over"),
    path("<reference:reference>/close/", case.close, name="case_close"),
    path("<reference:reference>/message/", messages.new, name="message_new"),
    path("<reference:reference>/messages/<int:message_id>/", messages.detail, name="message"),
    path("<reference:reference>/messages/<int:message_id>/letter.pdf", messages.letter, name="message_letter"),
    path("<reference:reference>/messages/<int:message_id>/file/", messages.file, name="message_file"),
]
