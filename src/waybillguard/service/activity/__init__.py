"""Who looked at what: every decision becomes an access event, kept, counted, exported and shown."""
