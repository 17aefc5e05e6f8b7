-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN     "totalizer_rollover" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "ping_revision" ADD COLUMN     "new_totalizer" DOUBLE PRECISION,
ADD COLUMN     "old_totalizer" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "ping_totalizer" (
    "sensor_id" INTEGER NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "totalizer" DOUBLE PRECISION NOT NULL,
    "ping_id" BIGINT NOT NULL,

    CONSTRAINT "ping_totalizer_pkey" PRIMARY KEY ("sensor_id","datetime")
);

-- AddForeignKey
ALTER TABLE "ping_totalizer" ADD CONSTRAINT "ping_totalizer_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
