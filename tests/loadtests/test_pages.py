from loadtests.pages import Page

REGISTER = """
<a href="/attendance/4e/2026-11-23/">Grade 4 East</a> <a>nowhere</a>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="s3cret&amp;more">
  <input type="radio" name="mark-1" value="P" checked> <input type="radio" name="mark-1" value="A">
  <input type="radio" name="mark-2" value="P"> <input type="text" name="reason-1" value="ill">
</form>
"""


def test_a_page_is_read_as_a_browser_would_send_it():
    page = Page(REGISTER)
    assert page.links == ["/attendance/4e/2026-11-23/"]
    assert page.hidden == {"csrfmiddlewaretoken": "s3cret&more"}
    assert page.radios == {"mark-1": ["P", "A"], "mark-2": ["P"]}
