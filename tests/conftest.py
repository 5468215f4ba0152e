"""What all tests share: generated cases may take their time, because a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("gdviz", deadline=None)
settings.load_profile("gdviz")
