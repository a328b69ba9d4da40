"""A Django form comes out in the look's markup, with what a screen reader needs."""

from django import forms

from web import forms as drawn


class Payment(forms.Form):
    phone = forms.CharField(label="Phone", help_text="Kenyan mobile")
    amount = forms.DecimalField(label="Amount", min_value=1)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    told = forms.BooleanField(label="SMS", required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}))
    how = forms.ChoiceField(label="How", choices=[("c", "Cash"), ("b", "Bank")], widget=forms.RadioSelect)
    slip = forms.FileField(label="Slip", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def test_label_hint_and_control_stand_in_order() -> None:
    assert drawn.draw(Payment()["phone"]) == (
        '<div class="field"><label for="id_phone">Phone</label><span class="hint" id="id_phone-h">Kenyan mobile</span>'
        '<input type="text" name="phone" class="input" aria-describedby="id_phone-h" required id="id_phone"></div>'
    )


def test_an_error_takes_the_place_of_the_hint_and_is_tied_to_the_control() -> None:
    html = drawn.draw(Payment({"amount": "-500"})["amount"], affix="KSh")
    assert html.startswith(
        '<div class="field wrong"><label for="id_amount">Amount</label><span class="err" id="id_amount-e">'
    )
    assert '<div class="affix"><span>KSh</span><input type="number" name="amount" value="-500"' in html
    assert 'class="input num"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount-e"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert '<label for="id_note">Note <small class="muted">optional</small></label>' in drawn.draw(Payment()["note"])


def test_choices_are_a_group_with_a_legend() -> None:
    html = drawn.draw(Payment()["how"])
    assert html.startswith('<fieldset class="field" id="id_how"><legend>How</legend>')
    assert html.count('<label class="check"><input type="radio" name="how"') == 2


def test_a_switch_keeps_its_role_and_a_file_its_field() -> None:
    assert 'role="switch" class="switch"' in drawn.draw(Payment()["told"])
    assert '<label class="file" data-module="drop"><input type="file" name="slip" class="vh"' in drawn.draw(
        Payment()["slip"]
    )


def test_the_summary_links_to_each_field_and_counts() -> None:
    form = Payment({"amount": "x", "how": "c", "key": "k"})
    html = drawn.draw_errors(form)
    assert "<b>2 things to correct</b>" in html
    assert '<a class="link" href="#id_phone">Phone: This field is required.</a>' in html
    assert '<a class="link" href="#id_amount">Amount: Enter a number.</a>' in html
    assert drawn.draw_errors(Payment()) == ""


def test_all_fields_come_in_order_and_hidden_ones_bare() -> None:
    html = drawn.draw_all(Payment())
    assert [html.index(f'name="{name}"') for name in Payment.base_fields] == sorted(
        html.index(f'name="{name}"') for name in Payment.base_fields
    )
    assert html.endswith('<input type="hidden" name="key" id="id_key">')
