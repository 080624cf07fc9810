"""The limits and shifts enforced by keyd: show, compare and sign them."""
