-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN     "redeliver" BOOLEAN NOT NULL DEFAULT false;
