"""Reports show the result of an audit: to a person, to a spreadsheet, to a program."""
