"""Where the pages of the dictionary stand, for whatever points to them."""

DICTIONARY = "dictionary"
"""Their folder, in `report/`."""


def indicator_page(id: str) -> str:
    """The file of an indicator's page, in the folder of the dictionary."""
    return f"indicator-{id}.html"


def table_page(name: str) -> str:
    """The file of a table's page, in the folder of the dictionary."""
    return f"table-{name.replace('.', '-')}.html"
