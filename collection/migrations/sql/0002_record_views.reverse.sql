DROP VIEW record_notice, record_overdue;
