"""The browser's pages.

``views`` has a frozen model for each page and the functions that build it of
engine objects, ``templates`` a template for each, ``rendering`` puts the two
together: nothing there reads a store, a request or a clock. ``routes`` asks the
store for what a page shows and does what its form says, ``context_of`` tells a
page of its request, ``error_page`` is the page of an error. ``urls`` has every
address and ``assets`` the stylesheets.
"""
