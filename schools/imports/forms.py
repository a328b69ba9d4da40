"""What is asked on the way in: the file and what to do with it, and which rows of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.imports.choices import Mode
from schools.imports.models import Run
from schools.imports.reading.table import LARGEST, MOST_COLUMNS, MOST_ROWS


class UploadForm(forms.Form):
    """A file, and what becomes of rows whose student is known."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a CSV file or an Excel workbook (.xlsx).")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx", "data-max-mb": LARGEST // 1024 // 1024}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Rows of the file"), choices=Mode.choices, initial=Mode.INSERT, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, modes: Sequence[Mode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in modes]  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "CSV or Excel (.xlsx), with a head of column names. At most %(mb)d MB, %(rows)s rows, %(columns)d columns."
        ) % {"mb": LARGEST // 1024 // 1024, "rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS}


class LimitForm(forms.Form):
    """How much of a list one file may end without being asked."""

    percent = forms.IntegerField(
        label=gettext_lazy("Ask again when a file ends more than this share of the list, in %"), min_value=1,
        max_value=100,
    )  # fmt: skip


class FilterForm(forms.Form):
    """Only the rows in which a column has a value."""

    column = forms.ChoiceField(label=gettext_lazy("Only rows where"), required=False)
    value = forms.CharField(label=gettext_lazy("is"), max_length=200, required=False)

    def __init__(self, data: Any, run: Run, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix="only", initial=initial)
        self.fields["column"].choices = [  # type: ignore[attr-defined]
            ("", _("Every row")),
            *((str(place), name) for place, name in enumerate(run.header)),
        ]
