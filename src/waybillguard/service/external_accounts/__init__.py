"""External accounts: which accounts people have in other systems, and the offboarding of leavers."""
