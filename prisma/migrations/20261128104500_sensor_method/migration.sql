-- CreateEnum
CREATE TYPE "volume_method" AS ENUM ('LINEAR', 'STEP');

-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN "method" "volume_method" NOT NULL DEFAULT 'LINEAR';

-- A sensor may be deleted while writers wait for its lock: they must not take it for locked then.
CREATE OR REPLACE FUNCTION "lock_pings"("sensor_ids" INTEGER[])
RETURNS TABLE ("sensor_id" INTEGER, "last_at" TIMESTAMPTZ) LANGUAGE plpgsql AS $$
BEGIN
  FOR "sensor_id" IN SELECT DISTINCT "id" FROM unnest("sensor_ids") AS "id" ORDER BY "id" LOOP
    SELECT "s"."last_at" INTO "last_at" FROM "ping_summary" "s"
    WHERE "s"."sensor_id" = "lock_pings"."sensor_id" AND "s"."level" = 3 FOR UPDATE;
    IF FOUND THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;
