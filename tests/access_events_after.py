"""The part of access_table.py about what comes after an event, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

By the link of a ticket with which somebody came.
FORM  event_feedback                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_certificate                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  event_reflection                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_reflection_withdraw           go  go  go  go  go  go  go  go  go  go  go  > event_reflection
POST  event_reflection_photo_remove       go  go  go  go  go  go  go  go  go  go  go  > event_reflection

By the code on a certificate, and by the link in a mail.
GET   event_attendance                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  event_introduction                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > event_introduction

A story for everybody; the member wrote it, the colleague has asked already.
GET   event_stories                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_story                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_story_photo                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  event_story_too                     in  go  go  go  go  go  go  go  go  go  go  > event_story

GET   event_feedback_results              in  no  no  no  no  no  no  no  no  no  ok
GET   event_feedback_sheet                in  no  no  no  no  no  no  no  no  no  ok
"""

OFFICE = """
                                                any oth adm
"""
