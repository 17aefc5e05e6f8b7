-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN     "data" JSON;

-- CreateTable
CREATE TABLE "volume_revision_mark" (
    "sensor_id" INTEGER NOT NULL,
    "account_id" INTEGER NOT NULL,
    "revision_id" BIGINT NOT NULL,

    CONSTRAINT "volume_revision_mark_pkey" PRIMARY KEY ("sensor_id")
);

-- CreateIndex
CREATE INDEX "volume_revision_mark_account_id_idx" ON "volume_revision_mark"("account_id");
