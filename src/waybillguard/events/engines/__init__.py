"""Engines: one SQL text per query, run unchanged on DuckDB (one machine) and Spark (larger)."""

from waybillguard.events.engines.base import Engine, Value, new_year
from waybillguard.events.engines.duck import DuckEngine
from waybillguard.events.engines.queries import ACROSS, ALL, TABLES, Query

__all__ = ["ACROSS", "ALL", "TABLES", "DuckEngine", "Engine", "Query", "Value", "new_year"]
