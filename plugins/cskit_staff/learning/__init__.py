"""Training, questions and exams."""
