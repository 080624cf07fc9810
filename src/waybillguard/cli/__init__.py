"""One command a room; exit codes and files as in the contracts."""
