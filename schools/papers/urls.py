"""Addresses of the domain's pages."""

from django.urls import path

from schools.papers.pages import letters, printing

app_name = "papers"
urlpatterns = [
    path("", printing.index, name="index"),
    path("cards/", printing.cards, name="cards"),
    path("staff-cards/", printing.staff_cards, name="staff_cards"),
    path("classes/<uuid:pk>/", printing.of_class, name="of_class"),
    path("batches/<uuid:pk>/", printing.batch, name="batch"),
    path("batches/<uuid:pk>/file/", printing.file, name="file"),
    path("templates/add/", letters.template_add, name="template_add"),
    path("templates/<uuid:pk>/", letters.template, name="template"),
    path("templates/<uuid:pk>/remove/", letters.template_remove, name="template_remove"),
    path("templates/<uuid:pk>/preview/<uuid:student>/", letters.preview, name="preview"),
    path("students/<uuid:pk>/issue/", letters.issue, name="issue"),
    path("letters/<uuid:pk>/", letters.letter, name="letter"),
    path("letters/<uuid:pk>/file/", letters.letter_file, name="letter_file"),
    path("letters/<uuid:pk>/revoke/", letters.revoke, name="revoke"),
    path("letters/<uuid:pk>/share/", letters.share, name="share"),
]
