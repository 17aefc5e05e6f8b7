-- AlterTable. Severities as in OPC: 64 uncertain, 0 bad; null is good, so that a good ping takes no byte more.
ALTER TABLE "ping" ADD COLUMN "quality" SMALLINT;
ALTER TABLE "ping_revision" ADD COLUMN "old_quality" SMALLINT, ADD COLUMN "new_quality" SMALLINT;
ALTER TABLE "ping_summary" ADD COLUMN "last_bad_at" TIMESTAMPTZ(3);
ALTER TABLE "webhook_delivery" ADD COLUMN "quality" SMALLINT;

-- CreateIndex. Good pings are not in it.
CREATE INDEX "ping_sensor_id_quality_datetime_idx" ON "ping"("sensor_id", "quality", "datetime") WHERE "quality" IS NOT NULL;

-- Summaries are of the pings that are not bad; the last ping of a sensor may be a bad one.
CREATE OR REPLACE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until" FROM "flow_sensor" "f"
      WHERE "f"."id" = "lock_pings"."sensor_id";
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

CREATE OR REPLACE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER,
  "entry_unit" TEXT, "closed_until" TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT greatest("s"."last_at", "s"."last_bad_at") INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    SELECT "f"."account_id", "f"."retired_at", "f"."max_gap", "f"."entry_unit", "f"."closed_until"
      INTO "account_id", "retired_at", "max_gap", "entry_unit", "closed_until" FROM "flow_sensor" "f"
    WHERE "f"."id" = "lock_free_pings"."sensor_id";
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
