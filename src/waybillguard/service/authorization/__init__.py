"""Who asks, what the policies in force allow, who is in shift, and what was decided."""
