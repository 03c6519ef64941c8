"""Reports show the result of an audit: to a person, to a spreadsheet, to a program."""

from .formats import ReportFormat, write_report
from .tables import TableName, write_csv
from .terminal import show

__all__ = ["ReportFormat", "TableName", "show", "write_csv", "write_report"]
