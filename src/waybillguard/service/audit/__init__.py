"""Access events: recorded in the transaction of the decision, exported, counted. Refers to accounts only by id."""
