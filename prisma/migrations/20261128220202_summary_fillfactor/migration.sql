-- Summaries are updated with every ping: with room on its page the new version of a row stays there,
-- and the index as it is. Pages that are full already get room when vacuum removes old versions.
ALTER TABLE "ping_summary" SET (fillfactor = 80);
