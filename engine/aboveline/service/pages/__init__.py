"""The browser's pages, as pure rendering: what is shown is made of engine objects and of nothing else.

``views`` has a frozen model for each page and the functions that build it,
``templates`` a template for each, ``rendering`` puts the two together.
``urls`` has every address and ``assets`` the stylesheets. Nothing here reads a
store, a request or a clock.
"""
