-- AlterTable
ALTER TABLE "flow_sensor" ADD COLUMN     "tag_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "flow_sensor_tag_keys_idx" ON "flow_sensor" USING GIN ("tag_keys");
