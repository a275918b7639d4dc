"""File names of the dictionary pages, for every page that links to them."""

DICTIONARY = "dictionary"
"""The folder of the dictionary pages, in `report/`."""


def indicator_file(id: str) -> str:
    """The file of an indicator's page, in the folder of the dictionary."""
    return f"indicator-{id}.html"


def table_file(name: str) -> str:
    """The file of a table's page, in the folder of the dictionary."""
    return f"table-{name.replace('.', '-')}.html"
