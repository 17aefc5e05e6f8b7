-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN "retired_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sensor_configuration_change" (
    "sensor_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "parameter" TEXT NOT NULL,
    "old_value" TEXT,
    "new_value" TEXT,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_by" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "sensor_configuration_change_pkey" PRIMARY KEY ("sensor_id","id")
);

-- AddForeignKey
ALTER TABLE "sensor_configuration_change" ADD CONSTRAINT "sensor_configuration_change_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The sensors' accounts and retirements are read after the lock was taken, since a statement that waits for a lock
-- sees other tables as they were before. Servers of an earlier version read the columns that they know.
DROP FUNCTION "lock_pings"(INTEGER[]);
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      SELECT "f"."account_id", "f"."retired_at" INTO "account_id", "retired_at" FROM "flow_sensor" "f"
      WHERE "f"."id" = "lock_pings"."sensor_id";
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

DROP FUNCTION "lock_free_pings"(INTEGER[]);
CREATE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    SELECT "f"."account_id", "f"."retired_at" INTO "account_id", "retired_at" FROM "flow_sensor" "f"
    WHERE "f"."id" = "lock_free_pings"."sensor_id";
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
