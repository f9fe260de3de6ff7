"""What the auditor is made of: its own decoding, its own ledger, its own record of every trade."""
