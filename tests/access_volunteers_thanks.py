"""The part of access_table.py about hours, letters, the photo board, impact and the health check, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   thanks                              in  no  no  no  no  ok  ok  no  no  no  no
FORM  extra_hours                         in  no  no  no  no  ok  no  no  no  no  no   > thanks
POST  extra_hours_answer                  in  no  no  no  no  no  go  no  no  no  no   > thanks
POST  extra_hours_take_back               in  no  no  no  no  go  no  no  no  no  no   > thanks
FORM  thank_you                           in  no  no  no  no  no  ok  no  no  no  no   > thank_you
GET   thank_you_letter                    in  no  no  no  no  ok  ok  no  no  no  no
GET   thanks_certificate                  in  no  no  no  no  ok  ok  no  no  no  no

The board of a practice is for whoever sees its clinics. Consent is one's own; taking off is the coordinator's too.
FORM  board_consent                       in  no  no  no  no  ok  no  no  no  no  no   > board
POST  board_withdraw                      in  no  no  no  no  go  go  no  no  no  no   > thanks board
GET   board                               in  ok  ok  no  ok  ok  ok  ok  no  no  no
GET   board_poster                        in  ok  ok  no  ok  ok  ok  ok  no  no  no
GET   board_photo                         in  ok  ok  no  ok  ok  ok  ok  no  no  no

Everybody around clinics, each sees their own; the link worker of another network sees none.
GET   volunteer_impact                    in  ok  ok  ok  ok  ok  ok  ok  no  no  no

GET   programme_health                    in  no  no  no  no  no  ok  no  no  no  no
FORM  health_answer                       in  no  no  no  no  no  ok  no  no  no  no   > programme_health
"""

OFFICE = """
                                                any oth adm

FORM  admin:volunteers_milestone_changelist     in  in  ok
FORM  admin:volunteers_milestone_add            in  in  403
GET   admin:volunteers_milestone_change         in  in  ok
POST  admin:volunteers_milestone_change         in  in  403
FORM  admin:volunteers_milestone_delete         in  in  403
GET   admin:volunteers_milestone_history        in  in  ok
GET   /admin/volunteers/milestone/<object_id>/  in  in  go  > admin:volunteers_milestone_change

FORM  admin:volunteers_extrahours_changelist    in  in  ok
FORM  admin:volunteers_extrahours_add           in  in  403
GET   admin:volunteers_extrahours_change        in  in  ok
POST  admin:volunteers_extrahours_change        in  in  403
FORM  admin:volunteers_extrahours_delete        in  in  403
GET   admin:volunteers_extrahours_history       in  in  ok
GET   /admin/volunteers/extrahours/<object_id>/ in  in  go  > admin:volunteers_extrahours_change

FORM  admin:volunteers_healthanswer_changelist  in  in  ok
FORM  admin:volunteers_healthanswer_add         in  in  403
GET   admin:volunteers_healthanswer_change      in  in  ok
POST  admin:volunteers_healthanswer_change      in  in  403
FORM  admin:volunteers_healthanswer_delete      in  in  403
GET   admin:volunteers_healthanswer_history     in  in  ok
GET   /admin/volunteers/healthanswer/<object_id>/ in in go  > admin:volunteers_healthanswer_change
"""
