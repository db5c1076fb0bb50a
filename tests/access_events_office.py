"""The part of access_table.py about the office's pages of events, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm


"""

OFFICE = """
                                                any oth adm

FORM  admin:events_event_changelist                 in  in  ok
FORM  admin:events_event_add                        in  in  ok
FORM  admin:events_event_change                     in  in  ok
FORM  admin:events_event_delete                     in  in  403
GET   admin:events_event_history                    in  in  ok
GET   /admin/events/event/<object_id>/              in  in  go  > admin:events_event_change
FORM  admin:events_event_announce                   in  in  ok  > admin:events_event_change
FORM  admin:events_event_unannounce                 in  in  ok  > admin:events_event_change
FORM  admin:events_event_move                       in  in  ok  > admin:events_event_change
FORM  admin:events_event_places                     in  in  ok  > admin:events_event_change
FORM  admin:events_event_call_off                   in  in  ok  > admin:events_event_change
FORM  admin:events_event_copy                       in  in  ok  > admin:events_event_change
FORM  admin:events_event_message                    in  in  ok  > admin:events_event_change
FORM  admin:events_event_book_for                   in  in  ok  > admin:events_event_change
GET   admin:events_event_sales                      in  in  ok
GET   admin:events_event_sheets                     in  in  ok

FORM  admin:events_programmeitem_changelist         in  in  ok
FORM  admin:events_programmeitem_add                in  in  ok
FORM  admin:events_programmeitem_change             in  in  ok
FORM  admin:events_programmeitem_delete             in  in  ok  > admin:events_programmeitem_changelist
GET   admin:events_programmeitem_history            in  in  ok
GET   /admin/events/programmeitem/<object_id>/      in  in  go  > admin:events_programmeitem_change

FORM  admin:events_speaker_changelist               in  in  ok
FORM  admin:events_speaker_add                      in  in  ok
FORM  admin:events_speaker_change                   in  in  ok
FORM  admin:events_speaker_delete                   in  in  ok  > admin:events_speaker_changelist
GET   admin:events_speaker_history                  in  in  ok
GET   /admin/events/speaker/<object_id>/            in  in  go  > admin:events_speaker_change
FORM  admin:events_speaker_ask                      in  in  ok  > admin:events_speaker_change

FORM  admin:events_ticket_changelist                in  in  ok
FORM  admin:events_ticket_add                       in  in  403
GET   admin:events_ticket_change                    in  in  ok
POST  admin:events_ticket_change                    in  in  403
FORM  admin:events_ticket_delete                    in  in  403
GET   admin:events_ticket_history                   in  in  ok
GET   /admin/events/ticket/<object_id>/             in  in  go  > admin:events_ticket_change
FORM  admin:events_ticket_give_back                 in  in  ok  > admin:events_ticket_change
FORM  admin:events_ticket_hand_over                 in  in  ok  > admin:events_ticket_change

FORM  admin:events_order_changelist                 in  in  ok
FORM  admin:events_order_add                        in  in  403
GET   admin:events_order_change                     in  in  ok
POST  admin:events_order_change                     in  in  403
FORM  admin:events_order_delete                     in  in  403
GET   admin:events_order_history                    in  in  ok
GET   /admin/events/order/<object_id>/              in  in  go  > admin:events_order_change
FORM  admin:events_order_extend                     in  in  ok  > admin:events_order_change
FORM  admin:events_order_send_again                 in  in  ok  > admin:events_order_change

FORM  admin:events_waitlistentry_changelist         in  in  ok
FORM  admin:events_waitlistentry_add                in  in  403
GET   admin:events_waitlistentry_change             in  in  ok
POST  admin:events_waitlistentry_change             in  in  403
FORM  admin:events_waitlistentry_delete             in  in  403
GET   admin:events_waitlistentry_history            in  in  ok
GET   /admin/events/waitlistentry/<object_id>/      in  in  go  > admin:events_waitlistentry_change
FORM  admin:events_waitlistentry_take_off           in  in  ok  > admin:events_waitlistentry_change

FORM  admin:events_ticketneeds_changelist           in  in  ok
FORM  admin:events_ticketneeds_add                  in  in  403
GET   admin:events_ticketneeds_change               in  in  ok
POST  admin:events_ticketneeds_change               in  in  403
FORM  admin:events_ticketneeds_delete               in  in  403
GET   admin:events_ticketneeds_history              in  in  ok
GET   /admin/events/ticketneeds/<object_id>/        in  in  go  > admin:events_ticketneeds_change

FORM  admin:events_tickettransfer_changelist        in  in  ok
FORM  admin:events_tickettransfer_add               in  in  403
GET   admin:events_tickettransfer_change            in  in  ok
POST  admin:events_tickettransfer_change            in  in  403
FORM  admin:events_tickettransfer_delete            in  in  403
GET   admin:events_tickettransfer_history           in  in  ok
GET   /admin/events/tickettransfer/<object_id>/     in  in  go  > admin:events_tickettransfer_change

FORM  admin:events_checkin_changelist               in  in  ok
FORM  admin:events_checkin_add                      in  in  403
GET   admin:events_checkin_change                   in  in  ok
POST  admin:events_checkin_change                   in  in  403
FORM  admin:events_checkin_delete                   in  in  403
GET   admin:events_checkin_history                  in  in  ok
GET   /admin/events/checkin/<object_id>/            in  in  go  > admin:events_checkin_change

FORM  admin:events_scan_changelist                  in  in  ok
FORM  admin:events_scan_add                         in  in  403
GET   admin:events_scan_change                      in  in  ok
POST  admin:events_scan_change                      in  in  403
FORM  admin:events_scan_delete                      in  in  403
GET   admin:events_scan_history                     in  in  ok
GET   /admin/events/scan/<object_id>/               in  in  go  > admin:events_scan_change

FORM  admin:events_feedbackquestion_changelist      in  in  ok
FORM  admin:events_feedbackquestion_add             in  in  ok
FORM  admin:events_feedbackquestion_change          in  in  ok
FORM  admin:events_feedbackquestion_delete          in  in  ok  > admin:events_feedbackquestion_changelist
GET   admin:events_feedbackquestion_history         in  in  ok
GET   /admin/events/feedbackquestion/<object_id>/   in  in  go  > admin:events_feedbackquestion_change

FORM  admin:events_introduction_changelist          in  in  ok
FORM  admin:events_introduction_add                 in  in  403
GET   admin:events_introduction_change              in  in  ok
POST  admin:events_introduction_change              in  in  403
FORM  admin:events_introduction_delete              in  in  403
GET   admin:events_introduction_history             in  in  ok
GET   /admin/events/introduction/<object_id>/       in  in  go  > admin:events_introduction_change

FORM  admin:events_reflection_changelist            in  in  ok
FORM  admin:events_reflection_add                   in  in  403
FORM  admin:events_reflection_change                in  in  ok
FORM  admin:events_reflection_delete                in  in  403
GET   admin:events_reflection_history               in  in  ok
GET   /admin/events/reflection/<object_id>/         in  in  go  > admin:events_reflection_change
"""
