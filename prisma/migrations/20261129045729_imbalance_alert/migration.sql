-- AlterTable
ALTER TABLE "sensor_group" ADD COLUMN     "max_imbalance_percent" DOUBLE PRECISION,
ADD COLUMN     "max_imbalance_volume" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "imbalance_notice" (
    "group_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "end" TIMESTAMPTZ(3) NOT NULL,
    "imbalance" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "imbalance_notice_pkey" PRIMARY KEY ("group_id","start")
);

-- AddForeignKey
ALTER TABLE "imbalance_notice" ADD CONSTRAINT "imbalance_notice_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "sensor_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
