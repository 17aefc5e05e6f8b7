-- AlterTable
ALTER TABLE "account" ADD COLUMN "ping_retention_days" INTEGER;

-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN "thinned_until" TIMESTAMPTZ(3);

-- What writers need to know of a sensor is read after its lock was taken. Servers of an earlier version read the columns that
-- they know; they would record pings among thinned ones, which no server thins before it is asked to.
DROP FUNCTION "lock_pings"(INTEGER[]);
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ, "checks" TEXT, "thinned_until" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until", "f"."checks", "f"."thinned_until"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until", "checks", "thinned_until" FROM "flow_sensor" "f"
      WHERE "f"."id" = "lock_pings"."sensor_id";
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

DROP FUNCTION "lock_free_pings"(INTEGER[]);
CREATE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ, "checks" TEXT, "thinned_until" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until", "f"."checks", "f"."thinned_until"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until", "checks", "thinned_until" FROM "flow_sensor" "f"
    WHERE "f"."id" = "lock_free_pings"."sensor_id";
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
