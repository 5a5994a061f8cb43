"""Who rents: moving in and out, invoices, what is owed, letters, turnover."""
