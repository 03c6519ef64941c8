"""Make case records from what the case system (nDelius) and OASys return as JSON.

``folder`` is the way in. ``reading``, ``shapes`` and ``grouping`` find out what
each file is and whose; ``assembly`` makes one record of one person's files,
with a module for each topic; ``codes`` is every code that is understood, with
its source. ``place`` and ``facts`` are what all of them are made of.

Three rules hold throughout. A code that no source explains is reported, never
guessed. What cannot be used is reported, never dropped in silence. Where files
contradict each other the contradiction is reported, and the record says neither
unless one of them is the master of what it says.
"""

from .folder import Imported, import_folder

__all__ = ["Imported", "import_folder"]
