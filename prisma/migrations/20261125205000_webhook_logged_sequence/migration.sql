-- DropIndex
DROP INDEX "webhook_delivery_endpoint_id_sequence_key";

-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN "logged_sequence" BIGINT;
UPDATE "webhook_delivery" SET "logged_sequence" = "sequence" WHERE "sequence" IS NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_endpoint_id_logged_sequence_key" ON "webhook_delivery"("endpoint_id", "logged_sequence") WHERE "logged_sequence" IS NOT NULL;

-- A delivery that is taken up stays on its page, and all its indexes as they are.
ALTER TABLE "webhook_delivery" SET (fillfactor = 45);
