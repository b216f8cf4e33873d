DROP VIEW record_repayment, record_receipt, record_day_close, record_journal_entry, record_event;
