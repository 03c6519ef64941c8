"""Who asks, what they may do, and what is refused before anything is read.

``roles`` and ``areas`` say what somebody may do, ``tokens`` and ``sessions``
who they are, ``csrf`` whether they meant it, ``limits`` and ``bodies`` how much
they may send. The guard (``aboveline.service.guard``) asks them in order.
"""
