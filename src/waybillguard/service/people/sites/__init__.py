"""Sites (场地): where a warehouse's devices stand and its people belong; the policies may bind one to the other."""
