-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN "max_gap_changed_at" TIMESTAMPTZ(3)[],
ADD COLUMN "earlier_max_gaps" INTEGER[],
ADD COLUMN "method_changed_at" TIMESTAMPTZ(3)[],
ADD COLUMN "earlier_methods" TEXT[];
