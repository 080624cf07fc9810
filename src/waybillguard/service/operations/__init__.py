"""The processes of `waybillguard up`, and the work of an operator: backup, restore, moves, key rotation, checks."""
