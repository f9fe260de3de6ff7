"""What happens between chains: the model, protocols, proofs, relayer, auditor, testbed."""
