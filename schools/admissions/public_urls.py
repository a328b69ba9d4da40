"""Where a family applies."""

from django.urls import path

from schools.admissions.pages import applying

urlpatterns = [
    path("", applying.index, name="apply"),
    path("<uuid:pk>/", applying.begin, name="apply_begin"),
    path("a/<str:key>/", applying.status, name="apply_status"),
    path("a/<str:key>/review/", applying.review, name="apply_review"),
    path("a/<str:key>/offer/file/", applying.offer_letter, name="apply_offer"),
    path("a/<str:key>/answer/", applying.answer, name="apply_answer"),
    path("a/<str:key>/<int:number>/", applying.page, name="apply_page"),
]
