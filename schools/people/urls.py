"""Addresses of the domain's pages."""

from django.urls import path

from schools.people.pages import family, guardians, profile, staff, students

app_name = "people"
urlpatterns = [
    path("students/", students.index, name="students"),
    path("students/print/", students.on_paper, name="students_print"),
    path("students/export.csv", students.export, name="students_export"),
    path("students/change/", students.change_several, name="change_several"),
    path("students/admit/", students.admit, name="admit"),
    path("students/<uuid:pk>/", profile.overview, name="student"),
    path("students/<uuid:pk>/edit/", profile.edit, name="student_edit"),
    path("students/<uuid:pk>/photo/", profile.photo, name="photo"),
    path("students/<uuid:pk>/photo/remove/", profile.photo_remove, name="photo_remove"),
    path("students/<uuid:pk>/numbers/", profile.numbers, name="numbers"),
    path("students/<uuid:pk>/numbers/<uuid:number>/remove/", profile.number_remove, name="number_remove"),
    path("students/<uuid:pk>/guardians/add/", family.add_guardian, name="guardian_add"),
    path("students/<uuid:pk>/household/", family.household, name="household"),
    path("students/<uuid:pk>/history/", profile.history, name="history"),
    path("students/<uuid:pk>/<slug:key>/", profile.tab, name="student_tab"),
    path("guardians/", guardians.index, name="guardians"),
    path("guardians/<uuid:pk>/", guardians.profile, name="guardian"),
    path("guardians/<uuid:pk>/edit/", guardians.edit, name="guardian_edit"),
    path("guardianships/<uuid:pk>/", family.rights, name="rights"),
    path("guardianships/<uuid:pk>/restriction/", family.restriction, name="restriction"),
    path("households/", family.households, name="households"),
    path("households/<uuid:pk>/", family.home, name="home"),
    path("households/<uuid:pk>/edit/", family.household_edit, name="household_edit"),
    path("households/<uuid:pk>/<slug:whose>/<uuid:member>/", family.household_member, name="household_member"),
    path("staff/", staff.index, name="staff"),
    path("staff/add/", staff.add, name="staff_add"),
    path("staff/<uuid:pk>/", staff.profile, name="staff_member"),
    path("staff/<uuid:pk>/edit/", staff.edit, name="staff_edit"),
    path("staff/<uuid:pk>/photo/", staff.photo, name="staff_photo"),
    path("staff/<uuid:pk>/photo/remove/", staff.photo_remove, name="staff_photo_remove"),
]
