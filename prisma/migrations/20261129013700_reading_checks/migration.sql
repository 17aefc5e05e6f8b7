-- CreateEnum
CREATE TYPE "ping_flag_status" AS ENUM ('OPEN', 'ACCEPTED', 'REJECTED');

-- AlterTable. Which checks the readings of a sensor go through, as JSON; null: none.
ALTER TABLE "flow_sensor" ADD COLUMN "checks" TEXT;

-- CreateTable
CREATE TABLE "ping_flag" (
    "sensor_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "ping_id" BIGINT NOT NULL,
    "flowrate" DOUBLE PRECISION NOT NULL,
    "findings" JSONB NOT NULL,
    "flagged_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "ping_flag_status" NOT NULL DEFAULT 'OPEN',
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "comment" TEXT,

    CONSTRAINT "ping_flag_pkey" PRIMARY KEY ("sensor_id","id")
);

-- CreateIndex
CREATE INDEX "ping_flag_sensor_id_status_id_idx" ON "ping_flag"("sensor_id", "status", "id");

-- AddForeignKey
ALTER TABLE "ping_flag" ADD CONSTRAINT "ping_flag_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- They are read after the lock was taken, like the other settings. Servers of an earlier version read the columns that they know.
DROP FUNCTION "lock_pings"(INTEGER[]);
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ, "checks" TEXT)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until", "f"."checks"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until", "checks" FROM "flow_sensor" "f"
      WHERE "f"."id" = "lock_pings"."sensor_id";
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

DROP FUNCTION "lock_free_pings"(INTEGER[]);
CREATE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ, "checks" TEXT)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until", "f"."checks"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until", "checks" FROM "flow_sensor" "f"
    WHERE "f"."id" = "lock_free_pings"."sensor_id";
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
