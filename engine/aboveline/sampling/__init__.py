"""Draw a sample of cases that can be drawn again, and defended.

``eligibility`` says which cases are in the frame and why others are not,
``strata`` what groups they fall into, ``size`` how many are wanted,
``allocation`` how many of each group, ``order`` which; ``sampler`` draws, and
``model`` is the manifest that tells how. Nothing here knows of rules: a sample
is drawn before anybody looks at the work.
"""

from .model import Plan, Sample, SampleManifest
from .sampler import draw

__all__ = ["Plan", "Sample", "SampleManifest", "draw"]
