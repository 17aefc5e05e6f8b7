-- CreateEnum
CREATE TYPE "history_update_type" AS ENUM ('INSERT', 'REPLACE', 'DELETE');

-- CreateTable
CREATE TABLE "ping_recording_start" (
    "recorded_since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ping_recording_start_pkey" PRIMARY KEY ("recorded_since")
);

-- CreateTable
CREATE TABLE "reason_code" (
    "account_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "reason_code_pkey" PRIMARY KEY ("account_id","code")
);

-- AddForeignKey
ALTER TABLE "reason_code" ADD CONSTRAINT "reason_code_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable. What is stored already gets the instant of this migration, as a constant that
-- PostgreSQL keeps beside the table: no row is written, however many there are. A literal, so that
-- the shards of a distributed table have the same one.
DO $$
DECLARE
  "now" TIMESTAMPTZ(3) := clock_timestamp();
BEGIN
  IF EXISTS (SELECT FROM "ping") OR EXISTS (SELECT FROM "ping_revision") THEN
    INSERT INTO "ping_recording_start" VALUES ("now");
  END IF;
  EXECUTE format('ALTER TABLE "ping" ADD COLUMN "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT %L', "now");
  EXECUTE format('ALTER TABLE "ping_revision" ADD COLUMN "ping_recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT %L', "now");
END;
$$;
ALTER TABLE "ping" ALTER COLUMN "recorded_at" SET DEFAULT clock_timestamp();
ALTER TABLE "ping_revision" ALTER COLUMN "ping_recorded_at" SET DEFAULT clock_timestamp();

-- Waits until no transaction that has locked the pings of one of the sensors before is still open.
-- A share of the lock is taken and released at once; that it was need not survive a crash.
CREATE FUNCTION "await_pings"("sensor_ids" INTEGER[]) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  "each" INTEGER;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR "each" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    PERFORM FROM "ping_summary" WHERE "sensor_id" = "each" AND "level" = 3 FOR SHARE;
  END LOOP;
END;
$$;

-- AlterTable. Revisions were corrections and deletions until now.
ALTER TABLE "ping_revision" ALTER COLUMN "old_flowrate" DROP NOT NULL;
ALTER TABLE "ping_revision" ADD COLUMN "reason_code" TEXT;
ALTER TABLE "ping_revision" ADD COLUMN "update_type" "history_update_type" NOT NULL DEFAULT 'REPLACE';
ALTER TABLE "ping_revision" ALTER COLUMN "update_type" DROP DEFAULT;
UPDATE "ping_revision" SET "update_type" = 'DELETE' WHERE "new_flowrate" IS NULL;

-- Which pings are late goes by the sensors' max_gap.
DROP FUNCTION "lock_pings"(INTEGER[]);
CREATE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      SELECT "f"."account_id", "f"."retired_at", "f"."max_gap" INTO "account_id", "retired_at", "max_gap" FROM "flow_sensor" "f"
      WHERE "f"."id" = "lock_pings"."sensor_id";
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

DROP FUNCTION "lock_free_pings"(INTEGER[]);
CREATE FUNCTION "lock_free_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "is_locked" BOOLEAN, "last_at" TIMESTAMPTZ, "account_id" INTEGER, "retired_at" TIMESTAMPTZ, "max_gap" INTEGER)
LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_free_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE SKIP LOCKED;
    "is_locked" := FOUND;
    SELECT "f"."account_id", "f"."retired_at", "f"."max_gap" INTO "account_id", "retired_at", "max_gap" FROM "flow_sensor" "f"
    WHERE "f"."id" = "lock_free_pings"."sensor_id";
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
