-- AlterTable
ALTER TABLE "ping_summary" ADD COLUMN     "before_last" DOUBLE PRECISION[],
ADD COLUMN     "before_last_written_by" BIGINT;
