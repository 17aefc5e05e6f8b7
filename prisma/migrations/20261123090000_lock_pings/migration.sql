-- Locks the pings of some sensors for the rest of the transaction, one sensor
-- at a time by ascending id, so that no two writers wait for each other, and
-- says when the last ping of each is, as of the lock.
-- The lock is the row of the summary over all of a sensor's pings.
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ) LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    RETURN NEXT;
  END LOOP;
END;
$$;
