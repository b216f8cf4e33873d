"""Properties with few examples, the same ones every time: a plugin for runs that repeat the tests often.

Owns: the profile ``brief``. Refuses to know: what is measured with it. A property that names its own number
of examples keeps it; a failure is not made smaller, because these runs ask only whether there is one.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

PROFILE = "brief"

settings.register_profile(
    PROFILE,
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
