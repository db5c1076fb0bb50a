"""Who gets in where, written by hand: every address of the project, for each of the ten accounts and for nobody.

A row is a method, the name of the address (its route, where it has no name), an outcome for each account, and the
addresses that somebody who is sent on is sent to.

    ok   the page opens
    go   sent on, to an address after the arrow
    in   sent to log in
    no   this page does not exist: more is not said to somebody who may not know it
    403  not for whoever this is

Methods: GET and POST are tried as they are. FORM is a page with a form: GET does what the row says, and a POST that
answers nothing gets in where GET gets in and nowhere else. What an address is about belongs to the practice of `pra`
and to the network of `lw` and `col`: `tests/world.py` makes it.
"""

ACCOUNTS = {
    "any": None,  # nobody is logged in
    "lw": "link_worker",
    "col": "colleague",
    "out": "outsider",
    "pra": "practice_staff",
    "vol": "volunteer",
    "coo": "coordinator",
    "man": "manager",
    "mem": "member",
    "pro": "provider",
    "adm": "admin",
}

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The site
GET   home                                ok  go  go  go  go  go  go  go  go  go  go  > today
GET   today                               in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   healthz                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Logging in. Nobody signs up unasked: the page says how accounts begin.
FORM  account_login                       ok  go  go  go  go  go  go  go  go  go  go  > today
FORM  account_logout                      go  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > home
GET   account_inactive                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  account_signup                      ok  go  go  go  go  go  go  go  go  go  go  > today
FORM  account_reset_password              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   account_reset_password_done         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  account_reset_password_from_key     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   account_reset_password_from_key_done ok ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   account_email_verification_sent     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   account_confirm_email               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  account_confirm_email               no  no  no  no  no  no  no  no  no  no  no
FORM  account_confirm_login_code          in  go  go  go  go  go  go  go  go  go  go  > today
FORM  mfa_authenticate                    in  go  go  go  go  go  go  go  go  go  go  > today
FORM  mfa_login_webauthn                  in  go  go  go  go  go  go  go  go  go  go  > today
FORM  invitation                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

One's own account. Everybody here has an authenticator app, and no passkey or recovery codes yet.
FORM  account                             in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  account_email                       in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > account_email
FORM  account_change_password             in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  account_set_password                in  go  go  go  go  go  go  go  go  go  go  > account_change_password
FORM  account_reauthenticate              in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  mfa_reauthenticate                  in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  mfa_reauthenticate_webauthn         in  go  go  go  go  go  go  go  go  go  go  > account_reauthenticate
GET   mfa_index                           in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  mfa_activate_totp                   in  go  go  go  go  go  go  go  go  go  go  > mfa_deactivate_totp
FORM  mfa_deactivate_totp                 in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > mfa_index
GET   mfa_view_recovery_codes             in  no  no  no  no  no  no  no  no  no  no
GET   mfa_download_recovery_codes         in  no  no  no  no  no  no  no  no  no  no
FORM  mfa_generate_recovery_codes         in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > mfa_view_recovery_codes
GET   mfa_list_webauthn                   in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  mfa_add_webauthn                    in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  mfa_edit_webauthn                   in  no  no  no  no  no  no  no  no  no  no
FORM  mfa_remove_webauthn                 in  no  no  no  no  no  no  no  no  no  no

The team: managers see to theirs, the office to everybody's.
GET   team                                in  no  no  no  no  no  no  ok  no  no  ok
FORM  invitation_new                      in  no  no  no  no  no  no  ok  no  no  go  > admin:members_invitation_add
POST  invitation_resend                   in  no  no  no  no  no  no  go  no  no  go  > team
POST  invitation_withdraw                 in  no  no  no  no  no  no  go  no  no  go  > team
FORM  post_end                            in  no  no  no  no  no  no  ok  no  no  ok

Members. `mem` has a membership in force; whoever has none is told how to get one. The employer's membership with its
seats is kept by `mem` and the office; nobody else knows of it.
GET   members                             go  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > join
GET   join                                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  join_plan                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > members
FORM  join_confirm                        no  no  no  no  no  no  no  no  no  no  no
GET   membership_card                     in  no  no  no  no  no  no  no  ok  no  no
GET   membership_certificate              in  no  no  no  no  no  no  no  ok  no  no
POST  seat_leave                          in  no  no  no  no  no  no  no  no  no  no
FORM  membership_renew                    in  no  no  no  no  no  no  no  ok  no  ok
FORM  membership_upgrade                  in  no  no  no  no  no  no  no  no  no  no
FORM  membership_cancel                   in  no  no  no  no  no  no  no  ok  no  ok  > employer
POST  membership_resume                   in  no  no  no  no  no  no  no  go  no  go  > employer
GET   employer                            in  no  no  no  no  no  no  no  ok  no  ok
FORM  seat_offer                          in  no  no  no  no  no  no  no  ok  no  ok  > employer
FORM  seats_more                          in  no  no  no  no  no  no  no  ok  no  ok
POST  seat_again                          in  no  no  no  no  no  no  no  go  no  go  > employer
FORM  seat_move                           in  no  no  no  no  no  no  no  ok  no  ok  > employer
FORM  seat_end                            in  no  no  no  no  no  no  no  ok  no  ok  > employer
FORM  seat_accept                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   verify_ask                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   verify                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Other members, letters, mails and one's own data. The profile and the letters are of `mem` and of the office; the block
is the member's.
GET   people                              in  go  go  go  go  go  go  go  ok  go  ok  > members
GET   member_profile                      in  go  go  go  go  go  go  go  ok  go  ok  > members
POST  member_block                        in  go  go  go  go  go  go  go  no  go  go  > members blocks
FORM  profile_edit                        in  go  go  go  go  go  go  go  ok  go  ok  > members member_profile
GET   letters                             in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  letter_new                          in  go  go  go  go  go  go  go  no  go  ok  > members
FORM  correspondence                      in  go  go  go  go  go  go  go  ok  go  ok  > members
POST  letters_read                        in  go  go  go  go  go  go  go  go  go  go  > members letters
POST  correspondence_block                in  go  go  go  go  go  go  go  go  go  go  > members blocks
GET   blocks                              in  go  go  go  go  go  go  go  ok  go  ok  > members
POST  block_end                           in  go  go  go  go  go  go  go  go  go  no  > members blocks
FORM  mail_choices                        in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > mail_choices
FORM  unsubscribe                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  your_data                           in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  leave                               in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Jobs and volunteer roles, the role guide and the news are for anybody; whoever has the link of a mail keeps what they
posted. This news is a draft.
GET   vacancies                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   vacancy_feed                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  vacancy_new                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   vacancy_sent                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   vacancy                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  vacancy_own                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  vacancy_confirm                     go  go  go  go  go  go  go  go  go  go  go  > vacancy_own
FORM  vacancy_edit                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  vacancy_renew                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  vacancy_withdraw                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > vacancy_own
POST  vacancy_outcome                     go  go  go  go  go  go  go  go  go  go  go  > vacancy_own
GET   guide                               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   guide_page                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   news                                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   news_item                           no  no  no  no  no  no  no  no  no  no  ok
GET   news_feed                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Writing a referral. A draft is its owner's alone; whoever refers may begin one, but not under another's number.
GET   referral_new                        in  ok  ok  ok  ok  no  no  no  no  no  no
POST  referral_find_person                in  ok  ok  ok  ok  no  no  no  no  no  no
GET   referral_draft                      in  no  no  no  ok  no  no  no  no  no  no
POST  referral_draft                      in  403 403 403 ok  no  no  no  no  no  no
POST  referral_autosave                   in  403 403 403 ok  no  no  no  no  no  no
FORM  referral_check                      in  no  no  no  go  no  no  no  no  no  no  > referral_draft
FORM  referral_draft_delete               in  no  no  no  ok  no  no  no  no  no  no  > referrals

Lists and inbox hold what each may see; an outsider has their own.
GET   referrals                           in  ok  ok  ok  ok  no  no  no  no  no  no
GET   inbox                               in  ok  ok  ok  no  no  no  no  no  no  no
FORM  contact_anyone                      in  ok  ok  ok  no  no  no  no  no  no  no

A referral that waits for an answer
POST  referral_accept                     in  go  go  no  no  no  no  no  no  no  no  > referral
FORM  referral_ask                        in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  referral_decline                    in  ok  ok  no  no  no  no  no  no  no  no  > inbox
FORM  referral_answer                     in  no  no  no  ok  no  no  no  no  no  no  > referral
FORM  referral_withdraw                   in  no  no  no  ok  no  no  no  no  no  no  > referral

A case, and the practice's view of it
GET   referral                            in  ok  ok  no  ok  no  no  no  no  no  no
FORM  contact_new                         in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  contact_amend                       in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  appointment_new                     in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  appointment_cancel                  in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  follow_up_new                       in  ok  ok  no  no  no  no  no  no  no  no  > referral
POST  follow_up_done                      in  go  go  no  no  no  no  no  no  no  no  > referral
FORM  person_edit                         in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  identity_edit                       in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  case_edit                           in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  consent_edit                        in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  hand_over                           in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  case_close                          in  ok  ok  no  no  no  no  no  no  no  no  > referral
FORM  message_new                         in  ok  ok  no  no  no  no  no  no  no  no  > referral
GET   message                             in  ok  ok  no  ok  no  no  no  no  no  no
GET   message_letter                      in  ok  ok  no  ok  no  no  no  no  no  no
POST  message_file                        in  no  no  no  go  no  no  no  no  no  no  > referral
"""

# The office's admin is one door: `oth` are the nine accounts that are not administrators, each tried.
OFFICE = """
                                              any oth adm

GET   admin:login                             in  403 go  > admin:index
POST  admin:logout                            go  go  go  > admin:index home
GET   admin:index                             in  in  ok
GET   admin:search                            in  in  ok
GET   admin:password_change                   go  go  go  > account_change_password
GET   /admin/password_change/                 go  go  go  > account_change_password
GET   admin:password_change_done              in  in  ok
GET   admin:autocomplete                      in  in  403
GET   admin:jsi18n                            in  in  ok
GET   admin:view_on_site                      in  in  no
GET   admin:app_list                          in  in  ok
GET   /admin/<url>                            in  in  no

FORM  admin:members_user_changelist           in  in  ok
FORM  admin:members_user_add                  in  in  403
FORM  admin:members_user_change               in  in  ok  > admin:members_user_changelist
FORM  admin:members_user_delete               in  in  403
GET   admin:members_user_history              in  in  ok
GET   /admin/members/user/<object_id>/        in  in  go  > admin:members_user_change

FORM  admin:members_workplace_changelist      in  in  ok
FORM  admin:members_workplace_add             in  in  ok
FORM  admin:members_workplace_change          in  in  ok  > admin:members_workplace_changelist
FORM  admin:members_workplace_delete          in  in  ok
GET   admin:members_workplace_history         in  in  ok
FORM  admin:members_workplace_import          in  in  ok
POST  admin:members_workplace_process_import  in  in  ok
FORM  admin:members_workplace_export          in  in  ok
GET   /admin/members/workplace/<object_id>/   in  in  go  > admin:members_workplace_change

FORM  admin:members_post_changelist           in  in  ok
FORM  admin:members_post_add                  in  in  ok
FORM  admin:members_post_change               in  in  ok  > admin:members_post_changelist
FORM  admin:members_post_delete               in  in  403
GET   admin:members_post_history              in  in  ok
GET   /admin/members/post/<object_id>/        in  in  go  > admin:members_post_change

FORM  admin:members_invitation_changelist     in  in  ok
FORM  admin:members_invitation_add            in  in  ok
GET   admin:members_invitation_change         in  in  ok
POST  admin:members_invitation_change         in  in  403
FORM  admin:members_invitation_delete         in  in  403
GET   admin:members_invitation_history        in  in  ok
GET   /admin/members/invitation/<object_id>/  in  in  go  > admin:members_invitation_change

FORM  admin:members_vacancy_changelist        in  in  ok
FORM  admin:members_vacancy_add               in  in  403
FORM  admin:members_vacancy_change            in  in  ok
FORM  admin:members_vacancy_delete            in  in  403
GET   admin:members_vacancy_history           in  in  ok
GET   /admin/members/vacancy/<object_id>/     in  in  go  > admin:members_vacancy_change

FORM  admin:members_payband_changelist        in  in  ok
FORM  admin:members_payband_add               in  in  ok
FORM  admin:members_payband_change            in  in  ok
FORM  admin:members_payband_delete            in  in  ok  > admin:members_payband_changelist
GET   admin:members_payband_history           in  in  ok
GET   /admin/members/payband/<object_id>/     in  in  go  > admin:members_payband_change

FORM  admin:members_article_changelist        in  in  ok
FORM  admin:members_article_add               in  in  ok
FORM  admin:members_article_change            in  in  ok
FORM  admin:members_article_delete            in  in  403
GET   admin:members_article_history           in  in  ok
POST  admin:members_article_history           in  in  no
GET   /admin/members/article/<object_id>/     in  in  go  > admin:members_article_change

FORM  admin:outbox_message_changelist         in  in  ok
FORM  admin:outbox_message_add                in  in  403
GET   admin:outbox_message_change             in  in  ok
POST  admin:outbox_message_change             in  in  403
FORM  admin:outbox_message_delete             in  in  403
GET   admin:outbox_message_history            in  in  ok
GET   /admin/outbox/message/<object_id>/      in  in  go  > admin:outbox_message_change

FORM  admin:audit_auditevent_changelist       in  in  ok
FORM  admin:audit_auditevent_add              in  in  403
GET   admin:audit_auditevent_change           in  in  ok
POST  admin:audit_auditevent_change           in  in  403
FORM  admin:audit_auditevent_delete           in  in  403
GET   admin:audit_auditevent_history          in  in  ok
GET   /admin/audit/auditevent/<object_id>/    in  in  go  > admin:audit_auditevent_change
"""
