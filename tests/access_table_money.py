"""Who gets in where about money. How to read it: access_table.py."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Invoices and receipts: the member's own, and the office. There is no card door unless an installation has one.
This invoice is paid in part: it is not taken back any more.
GET   invoices                            in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   invoice                             in  no  no  no  no  no  no  no  ok  no  ok
GET   invoice_pdf                         in  no  no  no  no  no  no  no  ok  no  ok
FORM  invoice_purchase_order              in  no  no  no  no  no  no  no  ok  no  ok  > invoice
POST  invoice_take_back                   in  no  no  no  no  no  no  no  no  no  no
POST  invoice_card                        in  no  no  no  no  no  no  no  no  no  no
GET   invoice_thanks                      in  no  no  no  no  no  no  no  ok  no  ok
GET   receipt                             in  no  no  no  no  no  no  no  ok  no  ok
GET   credit_note                         in  no  no  no  no  no  no  no  ok  no  ok
POST  card_events                         no  no  no  no  no  no  no  no  no  no  no
"""

OFFICE = """
                                                  any oth adm

FORM  admin:members_invoice_changelist              in  in  ok
FORM  admin:members_invoice_add                     in  in  403
GET   admin:members_invoice_change                  in  in  ok
POST  admin:members_invoice_change                  in  in  403
FORM  admin:members_invoice_delete                  in  in  403
GET   admin:members_invoice_history                 in  in  ok
GET   /admin/members/invoice/<object_id>/           in  in  go  > admin:members_invoice_change
FORM  admin:members_invoice_record_payment          in  in  ok
FORM  admin:members_invoice_take_back               in  in  ok
FORM  admin:members_invoice_pay_back                in  in  ok

FORM  admin:members_payment_changelist              in  in  ok
FORM  admin:members_payment_add                     in  in  403
GET   admin:members_payment_change                  in  in  ok
POST  admin:members_payment_change                  in  in  403
FORM  admin:members_payment_delete                  in  in  403
GET   admin:members_payment_history                 in  in  ok
GET   /admin/members/payment/<object_id>/           in  in  go  > admin:members_payment_change
FORM  admin:members_payment_place                   in  in  ok
FORM  admin:members_payment_send_back               in  in  ok

FORM  admin:members_creditnote_changelist           in  in  ok
FORM  admin:members_creditnote_add                  in  in  403
GET   admin:members_creditnote_change               in  in  ok
POST  admin:members_creditnote_change               in  in  403
FORM  admin:members_creditnote_delete               in  in  403
GET   admin:members_creditnote_history              in  in  ok
GET   /admin/members/creditnote/<object_id>/        in  in  go  > admin:members_creditnote_change

FORM  admin:members_ledgerentry_changelist          in  in  ok
FORM  admin:members_ledgerentry_add                 in  in  403
GET   admin:members_ledgerentry_change              in  in  ok
POST  admin:members_ledgerentry_change              in  in  403
FORM  admin:members_ledgerentry_delete              in  in  403
GET   admin:members_ledgerentry_history             in  in  ok
GET   /admin/members/ledgerentry/<object_id>/       in  in  go  > admin:members_ledgerentry_change

FORM  admin:members_bankfile_changelist             in  in  ok
FORM  admin:members_bankfile_add                    in  in  ok
FORM  admin:members_bankfile_change                 in  in  ok  > admin:members_bankfile_change
FORM  admin:members_bankfile_delete                 in  in  ok  > admin:members_bankfile_changelist
GET   admin:members_bankfile_history                in  in  ok
GET   /admin/members/bankfile/<object_id>/          in  in  go  > admin:members_bankfile_change

FORM  admin:members_bankline_changelist             in  in  ok
FORM  admin:members_bankline_add                    in  in  403
GET   admin:members_bankline_change                 in  in  ok
POST  admin:members_bankline_change                 in  in  403
FORM  admin:members_bankline_delete                 in  in  403
GET   admin:members_bankline_history                in  in  ok
GET   /admin/members/bankline/<object_id>/          in  in  go  > admin:members_bankline_change
"""
