"""The part of access_table.py about claims, receipts, mileage, approval and payment, read like it.

The claim is the volunteer's, and was sent; the list of payments is their practice's.
"""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   expenses                            in  no  no  no  no  ok  go  no  no  no  go  > expenses_to_approve
POST  expenses_start                      in  no  no  no  no  go  no  no  no  no  no  > expense_claim
FORM  miles_elsewhere                     in  no  no  no  no  ok  ok  no  no  no  ok
POST  expenses_asking                     in  no  no  no  no  go  go  no  no  no  go  > expenses

GET   expense_claim                       in  no  no  no  no  ok  ok  no  no  no  ok
FORM  expense_line_new                    in  no  no  no  no  go  no  no  no  no  no  > expense_claim
FORM  expense_line                        in  no  no  no  no  go  no  no  no  no  no  > expense_claim
POST  expense_line_remove                 in  no  no  no  no  go  no  no  no  no  no  > expense_claim
GET   expense_receipt                     in  no  no  no  no  ok  ok  no  no  no  ok
POST  expense_receipt_remove              in  no  no  no  no  go  no  no  no  no  no  > expense_claim
POST  expense_send                        in  no  no  no  no  go  no  no  no  no  no  > expense_claim
POST  expense_take_back                   in  no  no  no  no  go  no  no  no  no  no  > expense_claim
FORM  expense_discard                     in  no  no  no  no  ok  no  no  no  no  no  > expense_claim

GET   expenses_to_approve                 in  no  no  no  no  no  ok  no  no  no  ok
POST  expense_approve                     in  no  no  no  no  no  go  no  no  no  go  > expense_claim
FORM  expense_send_back                   in  no  no  no  no  no  ok  no  no  no  ok
FORM  expense_decline                     in  no  no  no  no  no  ok  no  no  no  ok

GET   expenses_payments                   in  no  no  no  no  no  ok  no  no  no  ok
POST  payment_list_new                    in  no  no  no  no  no  go  no  no  no  go  > expenses_payments
GET   payment_list                        in  no  no  no  no  no  ok  no  no  no  ok
GET   expenses_export                     in  no  no  no  no  no  ok  no  no  no  ok
POST  payment_list_paid                   in  no  no  no  no  no  go  no  no  no  go  > payment_list
POST  payment_list_undo                   in  no  no  no  no  no  go  no  no  no  go  > expenses_payments
"""

OFFICE = """
                                              any oth adm

FORM  admin:volunteers_mileagerate_changelist     in  in  ok
FORM  admin:volunteers_mileagerate_add            in  in  ok
FORM  admin:volunteers_mileagerate_change         in  in  ok
FORM  admin:volunteers_mileagerate_delete         in  in  403
GET   admin:volunteers_mileagerate_history        in  in  ok
GET   /admin/volunteers/mileagerate/<object_id>/  in  in  go  > admin:volunteers_mileagerate_change

FORM  admin:volunteers_expenseclaim_changelist    in  in  ok
FORM  admin:volunteers_expenseclaim_add           in  in  403
GET   admin:volunteers_expenseclaim_change        in  in  ok
POST  admin:volunteers_expenseclaim_change        in  in  403
FORM  admin:volunteers_expenseclaim_delete        in  in  403
GET   admin:volunteers_expenseclaim_history       in  in  ok
GET   /admin/volunteers/expenseclaim/<object_id>/ in  in  go  > admin:volunteers_expenseclaim_change
"""
