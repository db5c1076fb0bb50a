"""What people do in the directory: each is one transaction that checks who may, and records what was done."""

from directory.actions.collections import (
    add_to_collection,
    change_collection,
    delete_collection,
    make_collection,
    remove_from_collection,
    set_favourite,
)
from directory.actions.confidential import place_changed
from directory.actions.connectors import change_connector, count_taps, make_connector
from directory.actions.freshness import address_of, answer_letter, ask_owners, assure, send_new_link
from directory.actions.importing import (
    apply_documents,
    can_be_taken_in,
    import_documents,
    run_next_import,
    start_again,
    start_import,
    take_in_what_was_seen,
)
from directory.actions.listings import touch_all
from directory.actions.owners import claim, decide_claim, mailbox_of
from directory.actions.revisions import decide_revision, revise, withdraw
from directory.actions.suggestions import decide_suggestion, suggest

__all__ = [
    "add_to_collection",
    "address_of",
    "answer_letter",
    "apply_documents",
    "ask_owners",
    "assure",
    "can_be_taken_in",
    "change_collection",
    "change_connector",
    "claim",
    "count_taps",
    "decide_claim",
    "decide_revision",
    "decide_suggestion",
    "delete_collection",
    "import_documents",
    "mailbox_of",
    "make_collection",
    "make_connector",
    "place_changed",
    "remove_from_collection",
    "revise",
    "run_next_import",
    "send_new_link",
    "set_favourite",
    "start_again",
    "start_import",
    "suggest",
    "take_in_what_was_seen",
    "touch_all",
    "withdraw",
]
