"""Addresses of /courses/: short courses."""

from django.urls import path

from members.views import courses

urlpatterns = [
    path("", courses.courses, name="courses"),
    path("certificates/<slug:certificate_code>/", courses.certificate_check, name="course_certificate_check"),
    path("certificates/<slug:certificate_code>/certificate.pdf", courses.certificate, name="course_certificate"),
    path("<slug:course_slug>/", courses.course, name="course"),
    path("<slug:course_slug>/<int:section_id>/", courses.section, name="course_section"),
    path("<slug:course_slug>/questions/", courses.quiz, name="course_quiz"),
    path("<slug:course_slug>/questions/result/", courses.result, name="course_result"),
]
