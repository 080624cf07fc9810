"""A warehouse whose decisions are recorded."""

from support.recorded import events, home, scene, written

__all__ = ["events", "home", "scene", "written"]
