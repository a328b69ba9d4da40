"""Addresses of the domain's pages."""

from django.urls import path

from schools.messaging.pages import board, inbox, office, writing

app_name = "messaging"
urlpatterns = [
    path("", inbox.index, name="index"),
    path("inbox/<uuid:pk>/", inbox.one, name="one"),
    path("inbox/<uuid:pk>/read/", inbox.read, name="read"),
    path("preferences/", inbox.preferences, name="preferences"),
    path("sent/", writing.sent, name="sent"),
    path("new/", writing.write, name="write"),
    path("<uuid:pk>/", writing.message, name="message"),
    path("<uuid:pk>/change/", writing.change, name="change"),
    path("<uuid:pk>/act/", writing.act, name="act"),
    path("deliveries/<uuid:pk>/resolve/", writing.resolve, name="resolve"),
    path("settings/", office.settings_page, name="settings"),
    path("settings/credit/", office.credit, name="credit"),
    path("templates/", office.templates, name="templates"),
    path("templates/new/", office.add_template, name="add_template"),
    path("templates/<uuid:pk>/", office.template, name="template"),
    path("board/", board.index, name="board"),
    path("board/new/", board.add, name="add_notice"),
    path("board/<uuid:pk>/", board.notice, name="notice"),
    path("board/<uuid:pk>/change/", board.change, name="change_notice"),
    path("board/<uuid:pk>/confirm/", board.confirm, name="confirm_notice"),
    path("board/<uuid:pk>/withdraw/", board.withdraw, name="withdraw_notice"),
]
