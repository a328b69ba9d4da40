"""A request is counted however it ends."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core import middleware
from monitoring import logging as logs
from monitoring import metrics


def failed() -> float:
    labels = {"route": metrics.UNMATCHED, "method": "GET", "status_class": "5xx"}
    return metrics.REGISTRY.get_sample_value("shule_http_requests_total", labels) or 0.0


@pytest.mark.django_db
def test_a_request_whose_error_page_fails_too_is_counted_as_failed(rf: RequestFactory) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise LookupError("the error page's own stylesheet is missing")

    before = failed()
    with pytest.raises(LookupError):
        middleware.observe(broken)(rf.get("/"))

    assert failed() == before + 1
    assert logs.context() == {}
