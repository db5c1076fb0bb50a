"""Addresses of training offered, signing up, attendance."""

from django.urls import path

from volunteers.views import training, training_office

urlpatterns = [
    path("training/", training.training, name="training"),
    path("training/needs/", training_office.needs, name="training_needs"),
    path("training/offered/", training_office.offered, name="training_offered"),
    path("training/new/", training_office.new, name="training_new"),
    path("training/<int:training_id>/", training.detail, name="training_detail"),
    path("training/<int:training_id>/join/", training.join, name="training_join"),
    path("training/<int:training_id>/give-back/", training.give_back, name="training_give_back"),
    path("training/<int:training_id>/edit/", training_office.edit, name="training_edit"),
    path("training/<int:training_id>/cancel/", training_office.cancel, name="training_cancel"),
    path("training/<int:training_id>/add/", training_office.put_down, name="training_put_down"),
    path("training/<int:training_id>/attendance/", training_office.attendance, name="training_attendance"),
]
