"""Addresses of the domain's pages."""

from django.urls import path

from schools.curriculum.pages import courses, options, versions

app_name = "curriculum"
urlpatterns = [
    path("", versions.index, name="index"),
    path("known/", versions.known, name="known"),
    path("follow/", versions.follow, name="follow"),
    path("versions/<uuid:pk>/", versions.version, name="version"),
    path("versions/<uuid:pk>/copy/", versions.copy, name="copy"),
    path("versions/<uuid:pk>/lines/", versions.lines, name="lines"),
    path("versions/<uuid:pk>/move-on/", versions.move_on, name="move_on"),
    path("blocks/add/", options.block_add, name="block_add"),
    path("blocks/<uuid:pk>/", options.block, name="block"),
    path("blocks/<uuid:pk>/edit/", options.block_edit, name="block_edit"),
    path("blocks/<uuid:pk>/options/add/", options.option_add, name="option_add"),
    path("blocks/<uuid:pk>/place/", options.place, name="place"),
    path("blocks/<uuid:pk>/choose/<uuid:student>/", options.choose, name="choose"),
    path("options/<uuid:pk>/", options.option, name="option"),
    path("courses/", courses.index, name="courses"),
    path("courses/add/", courses.add, name="course_add"),
    path("courses/<uuid:pk>/", courses.course, name="course"),
    path("courses/of/<uuid:pk>/", courses.of_student, name="of_student"),
    path("courses/taken/<uuid:pk>/", courses.record, name="record"),
]
