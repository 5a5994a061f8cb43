"""How well calls are answered: draws, sheets, scores, agreement, coaching."""
