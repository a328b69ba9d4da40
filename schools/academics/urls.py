"""Addresses of the domain's pages."""

from django.urls import path

from schools.academics import pages

app_name = "academics"
urlpatterns = [
    path("classes/", pages.classes, name="classes"),
    path("classes/add/", pages.class_add, name="class_add"),
    path("classes/<uuid:pk>/", pages.school_class, name="class"),
    path("classes/<uuid:pk>/edit/", pages.class_edit, name="class_edit"),
    path("classes/move/", pages.moves, name="moves"),
    path("classes/leave/", pages.leave_all, name="leave_all"),
    path("classes/move/<uuid:pk>/", pages.move, name="move"),
    path("classes/leave/<uuid:pk>/", pages.leave, name="leave"),
    path("subjects/", pages.subjects, name="subjects"),
    path("subjects/add/", pages.subject_add, name="subject_add"),
    path("subjects/<uuid:pk>/", pages.subject_edit, name="subject_edit"),
    path("teaching-groups/", pages.groups, name="groups"),
    path("teaching-groups/add/", pages.group_add, name="group_add"),
    path("teaching-groups/join/", pages.join, name="join"),
    path("teaching-groups/<uuid:pk>/", pages.group, name="group"),
    path("teaching-groups/<uuid:pk>/edit/", pages.group_edit, name="group_edit"),
]
