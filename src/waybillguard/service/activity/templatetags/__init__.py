"""Tags of the activity pages."""
