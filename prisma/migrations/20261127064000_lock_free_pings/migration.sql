-- Locks the pings of those of some sensors whose lock nobody holds, without
-- waiting for any, and says of each whether it did and when its last ping is.
-- The lock is that of lock_pings.
CREATE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ) LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    RETURN NEXT;
  END LOOP;
END;
$$;
