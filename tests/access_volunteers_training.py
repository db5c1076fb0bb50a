"""The part of access_table.py about training offered, signing up, attendance, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The training is of the practice; the volunteer has a place in it, and `coo` coordinates the network.
GET   training                            in  no  no  no  no  ok  go  no  no  no  no  > training_offered
GET   training_detail                     in  no  no  no  no  ok  ok  no  no  no  no
POST  training_join                       in  no  no  no  no  go  no  no  no  no  no  > training_detail
POST  training_give_back                  in  no  no  no  no  go  no  no  no  no  no  > training_detail
GET   training_offered                    in  no  no  no  no  no  ok  no  no  no  no
GET   training_needs                      in  no  no  no  no  no  ok  no  no  no  no
FORM  training_new                        in  no  no  no  no  no  ok  no  no  no  no
FORM  training_edit                       in  no  no  no  no  no  ok  no  no  no  no
FORM  training_cancel                     in  no  no  no  no  no  ok  no  no  no  no
POST  training_put_down                   in  no  no  no  no  no  go  no  no  no  no  > training_detail
FORM  training_attendance                 in  no  no  no  no  no  ok  no  no  no  no
"""

OFFICE = """
                                          any oth adm

FORM  admin:volunteers_training_changelist    in  in  ok
FORM  admin:volunteers_training_add           in  in  403
GET   admin:volunteers_training_change        in  in  ok
POST  admin:volunteers_training_change        in  in  403
FORM  admin:volunteers_training_delete        in  in  403
GET   admin:volunteers_training_history       in  in  ok
GET   /admin/volunteers/training/<object_id>/ in  in  go  > admin:volunteers_training_change
"""
