-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN "earlier_meter_factors" DOUBLE PRECISION[],
ADD COLUMN     "meter_factor" DOUBLE PRECISION NOT NULL DEFAULT 1,
ADD COLUMN     "meter_factor_changed_at" TIMESTAMPTZ(3)[];
