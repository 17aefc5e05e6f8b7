-- Locks the pings of some sensors for the rest of the transaction, one sensor
-- at a time by ascending id, so that no two writers wait for each other.
-- The lock is the row of the summary over all of a sensor's pings.
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wanted INTEGER;
BEGIN
  FOR wanted IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    PERFORM FROM "ping_summary" WHERE "sensor_id" = wanted AND "level" = 3 FOR UPDATE;
  END LOOP;
END;
$$;
