"""Lists that the office takes home: CSV that any program opens, and a workbook."""

from typing import Any

from import_export.formats.base_formats import CSV, Format
from tablib import Dataset

from linkworkers.spreadsheets import as_xlsx


class Csv(CSV):
    """With the mark by which Excel knows that it is UTF-8."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        return "\ufeff" + super().export_data(dataset, **kwargs)


class Xlsx(Format):
    def get_title(self) -> str:
        return "xlsx"

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return as_xlsx([dataset.headers, *dataset])
