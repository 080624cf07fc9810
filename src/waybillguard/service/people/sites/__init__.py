"""Sites (场地): the locations of a warehouse's devices and people; policies may bind people to their site."""
