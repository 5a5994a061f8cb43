"""The front desk: who comes, who is to be interviewed, and whose turn it is."""
