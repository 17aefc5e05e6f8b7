-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN     "continues_from" TIMESTAMPTZ(3),
ADD COLUMN     "continues_sensor_id" INTEGER;
