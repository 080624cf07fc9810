"""Settings, database, queue, templates and helpers of views; knows no model."""
