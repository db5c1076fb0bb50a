"""The part of access_table.py about contributions to events and their review, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The call is for everybody; one's own contribution for whoever has its link.
FORM  event_contribute                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   contribution                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  contribution_change                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  contribution_withdraw               go  go  go  go  go  go  go  go  go  go  go   > contribution
POST  contribution_answer                 go  go  go  go  go  go  go  go  go  go  go   > contribution

The colleague is in the panel.
GET   event_review                        in  no  ok  no  no  no  no  no  no  no  ok
FORM  event_review_one                    in  no  ok  no  no  no  no  no  no  no  ok
FORM  event_decide                        in  no  no  no  no  no  no  no  no  no  ok   > event_decide
POST  event_decisions_send                in  no  no  no  no  no  no  no  no  no  go   > event_decide
"""

OFFICE = """
                                                any oth adm

FORM  admin:events_callforcontributions_changelist  in  in  ok
FORM  admin:events_callforcontributions_add  in  in  ok
FORM  admin:events_callforcontributions_change  in  in  ok
FORM  admin:events_callforcontributions_delete  in  in  403
GET   admin:events_callforcontributions_history  in  in  ok
GET   /admin/events/callforcontributions/<object_id>/  in  in  go  > admin:events_callforcontributions_change

FORM  admin:events_contribution_changelist  in  in  ok
FORM  admin:events_contribution_add  in  in  403
GET   admin:events_contribution_change  in  in  ok
POST  admin:events_contribution_change  in  in  403
FORM  admin:events_contribution_delete  in  in  403
GET   admin:events_contribution_history  in  in  ok
GET   /admin/events/contribution/<object_id>/  in  in  go  > admin:events_contribution_change

FORM  admin:events_review_changelist  in  in  ok
FORM  admin:events_review_add  in  in  403
GET   admin:events_review_change  in  in  ok
POST  admin:events_review_change  in  in  403
FORM  admin:events_review_delete  in  in  403
GET   admin:events_review_history  in  in  ok
GET   /admin/events/review/<object_id>/  in  in  go  > admin:events_review_change
"""
