"""The same twenty questions, written by hand for other engines, to measure beside ours.

``common`` says which they are and what every engine is given; each other module
is one peer: a ``find`` for all cases, or for one after another. A peer is
measured only once it has found what we find in every case.
"""
