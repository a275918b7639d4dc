"""Workbooks for the tests of reading."""

import io

import xlsxwriter


def workbook(**sheets: list[list[str]]) -> bytes:
    """A workbook with these rows by sheet; a sheet whose name begins with `hidden` is hidden."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name.startswith("hidden"):
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    return content.getvalue()
