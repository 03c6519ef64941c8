"""What a change of rules does to cases that stay as they are, told before it is merged.

``rules`` sets two rulebooks side by side, ``assessing`` audits the same cases
by both, ``model`` is what comes of it.
"""

from .assessing import Weighed, assess, weigh
from .model import Impact

__all__ = ["Impact", "Weighed", "assess", "weigh"]
