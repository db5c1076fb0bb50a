"""Addresses of applying, the stages, checks, references, pausing and leaving."""

from django.urls import path

from volunteers.views import journey, journey_checks, journey_own, journey_public

ONE = "people/<uuid:volunteer_key>"

urlpatterns = [
    path("apply/", journey_public.apply, name="volunteer_apply"),
    path("apply/<int:workplace_id>/", journey_public.apply_at, name="volunteer_apply_at"),
    path("apply/thank-you/", journey_public.applied, name="volunteer_applied"),
    path("application/<str:application_token>/", journey_public.application, name="volunteer_application"),
    path(
        "application/<str:application_token>/withdraw/",
        journey_public.application_withdraw,
        name="volunteer_application_withdraw",
    ),
    path(
        "application/<str:application_token>/come-back/",
        journey_public.application_come_back,
        name="volunteer_application_come_back",
    ),
    path("reference/<str:reference_token>/", journey_public.reference, name="volunteer_reference"),
    path("people/", journey.volunteer_list, name="volunteer_list"),
    path(f"{ONE}/", journey.volunteer, name="volunteer"),
    path(f"{ONE}/interview/", journey.interview, name="volunteer_interview"),
    path(f"{ONE}/stage/", journey.stage, name="volunteer_stage"),
    path(f"{ONE}/decline/", journey.decline, name="volunteer_decline"),
    path(f"{ONE}/induction/", journey.induction, name="volunteer_induction"),
    path(f"{ONE}/activate/", journey.activate, name="volunteer_activate"),
    path(f"{ONE}/reconsider/", journey.reconsider, name="volunteer_reconsider"),
    path(f"{ONE}/details/", journey.details, name="volunteer_details"),
    path(f"{ONE}/note/", journey.note, name="volunteer_note"),
    path(f"{ONE}/checks/<int:requirement_id>/", journey_checks.check, name="volunteer_check"),
    path(f"{ONE}/references/", journey_checks.references, name="volunteer_references"),
    path(f"{ONE}/references/good/", journey_checks.references_good, name="volunteer_references_good"),
    path(f"{ONE}/references/<int:reference_id>/ask/", journey_checks.reference_ask, name="volunteer_reference_ask"),
    path(f"{ONE}/away/", journey_own.absence_new, name="volunteer_absence_new"),
    path(f"{ONE}/pause/", journey_own.pause, name="volunteer_pause"),
    path(f"{ONE}/return/", journey_own.return_, name="volunteer_return"),
    path(f"{ONE}/leave/", journey_own.leave, name="volunteer_leave"),
    path("away/<int:absence_id>/delete/", journey_own.absence_delete, name="volunteer_absence_delete"),
    path("me/", journey_own.me, name="volunteer_me"),
    path("me/<uuid:volunteer_key>/", journey_own.me_edit, name="volunteer_me_edit"),
    path("me/<uuid:volunteer_key>/come-back/", journey_own.come_back, name="volunteer_come_back"),
    path("roles/", journey_checks.roles, name="volunteer_roles"),
    path("roles/new/", journey_checks.role_new, name="volunteer_role_new"),
    path("roles/<int:role_id>/", journey_checks.role_edit, name="volunteer_role_edit"),
    path("roles/<int:role_id>/retire/", journey_checks.role_retire, name="volunteer_role_retire"),
    path("requirements/new/", journey_checks.requirement_new, name="volunteer_requirement_new"),
    path("requirements/<int:requirement_id>/", journey_checks.requirement_edit, name="volunteer_requirement_edit"),
    path(
        "requirements/<int:requirement_id>/retire/",
        journey_checks.requirement_retire,
        name="volunteer_requirement_retire",
    ),
]
