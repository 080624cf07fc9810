"""Pages of merchants: the clients whose orders the warehouse handles, and their users."""
