"""Addresses of the domain's pages."""

from django.urls import path

from schools.academics.pages import assigning, classes, groups, ladder, moves, subjects, years

app_name = "academics"
urlpatterns = [
    path("classes/", classes.classes, name="classes"),
    path("classes/add/", classes.class_add, name="class_add"),
    path("classes/<uuid:pk>/", classes.school_class, name="class"),
    path("classes/<uuid:pk>/edit/", classes.class_edit, name="class_edit"),
    path("classes/move/", moves.moves, name="moves"),
    path("classes/leave/", moves.leave_all, name="leave_all"),
    path("classes/move/<uuid:pk>/", moves.move, name="move"),
    path("classes/leave/<uuid:pk>/", moves.leave, name="leave"),
    path("years/", years.years, name="years"),
    path("years/open/", years.year_open, name="year_open"),
    path("years/<uuid:pk>/drop/", years.year_drop, name="year_drop"),
    path("years/<uuid:pk>/classes-like/<uuid:like>/", years.classes_like, name="classes_like"),
    path("holidays/add/", years.holiday_add, name="holiday_add"),
    path("holidays/<uuid:pk>/remove/", years.holiday_remove, name="holiday_remove"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/levels/add/", ladder.level_add, name="level_add"),
    path("ladder/levels/<uuid:pk>/", ladder.level, name="level"),
    path("ladder/levels/<uuid:pk>/remove/", ladder.level_remove, name="level_remove"),
    path("ladder/streams/add/", ladder.stream_add, name="stream_add"),
    path("ladder/streams/<uuid:pk>/", ladder.stream, name="stream"),
    path("ladder/streams/<uuid:pk>/remove/", ladder.stream_remove, name="stream_remove"),
    path("subjects/", subjects.subjects, name="subjects"),
    path("subjects/add/", subjects.subject_add, name="subject_add"),
    path("subjects/<uuid:pk>/", subjects.subject_edit, name="subject_edit"),
    path("assignments/", assigning.assignments, name="assignments"),
    path("assignments/<uuid:pk>/", assigning.assign, name="assign"),
    path("teaching-groups/", groups.groups, name="groups"),
    path("teaching-groups/add/", groups.group_add, name="group_add"),
    path("teaching-groups/join/", moves.join, name="join"),
    path("teaching-groups/<uuid:pk>/", groups.group, name="group"),
    path("teaching-groups/<uuid:pk>/edit/", groups.group_edit, name="group_edit"),
]
