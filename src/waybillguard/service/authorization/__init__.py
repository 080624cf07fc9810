"""Authorization: principals, policies, shifts, restrictions and recorded decisions."""
