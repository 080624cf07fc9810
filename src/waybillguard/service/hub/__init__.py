"""A town's view of many warehouses: what they report, what inspectors find, and the joint case that follows."""
