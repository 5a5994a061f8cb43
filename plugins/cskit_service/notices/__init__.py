"""Service notices: what is kept of them, their ways, their orders and invoices, lists, sheets and mails."""
