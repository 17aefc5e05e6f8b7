-- CreateEnum
CREATE TYPE "flow_direction" AS ENUM ('IN', 'OUT');

-- CreateTable
CREATE TABLE "sensor_group" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "calendar" TEXT,

    CONSTRAINT "sensor_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sensor_group_member" (
    "group_id" INTEGER NOT NULL,
    "sensor_id" INTEGER NOT NULL,
    "direction" "flow_direction",

    CONSTRAINT "sensor_group_member_pkey" PRIMARY KEY ("group_id","sensor_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sensor_group_account_id_name_key" ON "sensor_group"("account_id", "name");

-- CreateIndex
CREATE INDEX "sensor_group_member_sensor_id_idx" ON "sensor_group_member"("sensor_id");

-- AddForeignKey
ALTER TABLE "sensor_group" ADD CONSTRAINT "sensor_group_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sensor_group_member" ADD CONSTRAINT "sensor_group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "sensor_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
