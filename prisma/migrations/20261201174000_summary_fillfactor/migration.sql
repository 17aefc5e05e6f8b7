-- Readings of many sensors at once update all summaries of a page in one transaction: with room on the page for all their new
-- versions they stay there, and the table is smaller than where they leave.
ALTER TABLE "ping_summary" SET (fillfactor = 50);
