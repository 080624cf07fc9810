"""The register of accounts in outside systems, and the closing of leavers."""
