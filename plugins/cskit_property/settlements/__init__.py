"""What a company is paid: lines, deductions, approval by others, statements, fee reductions."""
