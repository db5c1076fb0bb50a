"""Addresses of /members/learning/: the learning record and supervision."""

from django.urls import path

from members.views import learning

urlpatterns = [
    path("", learning.record, name="learning"),
    path("new/", learning.new, name="learning_new"),
    path("statement.pdf", learning.statement, name="learning_statement"),
    path("<int:entry_id>/", learning.entry, name="learning_entry"),
    path("<int:entry_id>/edit/", learning.edit, name="learning_edit"),
    path("<int:entry_id>/delete/", learning.delete, name="learning_delete"),
    path("<int:entry_id>/evidence/<uuid:file_id>/", learning.evidence, name="learning_evidence"),
    path("<int:entry_id>/evidence/<uuid:file_id>/remove/", learning.evidence_remove, name="learning_evidence_remove"),
    path("supervision/", learning.supervision, name="supervision"),
    path("supervision/new/", learning.supervision_new, name="supervision_new"),
    path("supervision/<int:supervision_id>/edit/", learning.supervision_edit, name="supervision_edit"),
    path("supervision/<int:supervision_id>/delete/", learning.supervision_delete, name="supervision_delete"),
]
