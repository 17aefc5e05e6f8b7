-- AlterTable
ALTER TABLE "volume_revision_mark" ADD COLUMN     "configuration_id" BIGINT NOT NULL DEFAULT 0;

-- Endpoints are not sent what earlier changes of settings did to volumes.
INSERT INTO "volume_revision_mark" ("account_id", "sensor_id", "revision_id", "configuration_id")
SELECT s."account_id", s."id", 0, coalesce((
  SELECT max(c."id") FROM "sensor_configuration_change" c WHERE c."sensor_id" = s."id"
), 0)
FROM "flow_sensor" s
WHERE s."account_id" IN (SELECT "account_id" FROM "volume_revision_mark")
ON CONFLICT ("sensor_id") DO UPDATE SET "configuration_id" = excluded."configuration_id";
