"""Settlement protocols: pure tables and rules, no chain and no clock of their own."""
