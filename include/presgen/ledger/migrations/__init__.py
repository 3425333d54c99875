"""The ledger's schema, step by step. A migration only adds: old and new tasks may run side by side."""
