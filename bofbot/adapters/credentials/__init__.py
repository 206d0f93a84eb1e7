"""What opens accounts: secrets, codes, log-ins that are kept."""
