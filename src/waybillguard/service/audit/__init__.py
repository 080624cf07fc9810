"""Access events: written with the decision they are of, exported, counted. Knows accounts by their ids."""
