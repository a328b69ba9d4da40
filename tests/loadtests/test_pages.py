from loadtests.pages import Form, Page

REGISTER = """
<a href="/attendance/4e/2026-11-23/">Grade 4 East</a> <a>nowhere</a>
<form method="post" id="roll">
  <input type="hidden" name="csrfmiddlewaretoken" value="s3cret&amp;more">
  <input type="radio" name="mark-1" value="P" checked> <input type="radio" name="mark-1" value="A">
  <input type="radio" name="mark-2" value="P"> <input type="text" name="note-1" value="ill">
</form>
<input type="hidden" name="version" value="7" form="roll"> <input name="stray" value="1">
<form method="post" action="/language/"><input type="hidden" name="next" value="/"></form>
"""


def test_a_form_sends_what_a_browser_would_send():
    page = Page(REGISTER)
    assert page.links == ["/attendance/4e/2026-11-23/"]
    assert page.form_with("mark-") == Form(
        fields={"csrfmiddlewaretoken": "s3cret&more", "mark-1": "P", "note-1": "ill", "version": "7"},
        radios={"mark-1": ["P", "A"], "mark-2": ["P"]},
    )


def test_another_form_of_the_page_is_its_own():
    assert Page(REGISTER).form_with("next").fields == {"next": "/"}
    assert Page(REGISTER).form_with("password") == Form()
