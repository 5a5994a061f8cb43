"""What a quarter makes of everybody's rank: confirmed by others, put into effect; and who stands where."""
