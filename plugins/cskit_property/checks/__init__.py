"""Looking closely: standards, random draws, checks, audits, what is put right, scores."""
