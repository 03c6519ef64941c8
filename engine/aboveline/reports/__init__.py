"""Reports show the result of an audit: to a person, to a spreadsheet, to a program."""

from .tables import TableName, write_csv
from .terminal import show

__all__ = ["TableName", "show", "write_csv"]
