"""Settings, database, queue, templates and helpers of views; imports no models of other applications."""
