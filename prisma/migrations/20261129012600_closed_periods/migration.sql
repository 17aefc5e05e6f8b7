-- CreateEnum
CREATE TYPE "adjustment_decision" AS ENUM ('ACCEPTED', 'REJECTED');

-- CreateTable
CREATE TABLE "closed_period" (
    "id" SERIAL NOT NULL,
    "group_id" INTEGER NOT NULL,
    "boundaries" TIMESTAMPTZ(3)[],
    "start" TIMESTAMPTZ(3) NOT NULL,
    "end" TIMESTAMPTZ(3) NOT NULL,
    "calendar" TEXT,
    "time_zone" TEXT NOT NULL,
    "day_start" TEXT NOT NULL,
    "method" "volume_method",
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_by" TEXT NOT NULL,
    "reason" TEXT,
    "reopened_at" TIMESTAMPTZ(3),
    "reopened_by" TEXT,
    "reopen_reason" TEXT,

    CONSTRAINT "closed_period_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "closed_period_sensor" (
    "period_id" INTEGER NOT NULL,
    "sensor_id" INTEGER NOT NULL,
    "direction" "flow_direction",
    "figures" JSONB NOT NULL,

    CONSTRAINT "closed_period_sensor_pkey" PRIMARY KEY ("period_id","sensor_id")
);

-- CreateTable
CREATE TABLE "prior_period_adjustment" (
    "period_id" INTEGER NOT NULL,
    "sensor_id" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "causes" TEXT[],
    "revisions" INTEGER NOT NULL,
    "reason_codes" TEXT[],
    "decision" "adjustment_decision" NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT NOT NULL,
    "comment" TEXT,
    "applied_in_period" INTEGER,

    CONSTRAINT "prior_period_adjustment_pkey" PRIMARY KEY ("period_id","sensor_id","day","sequence")
);

-- CreateIndex
CREATE INDEX "closed_period_group_id_id_idx" ON "closed_period"("group_id", "id");

-- CreateIndex
CREATE INDEX "closed_period_sensor_sensor_id_idx" ON "closed_period_sensor"("sensor_id");

-- AddForeignKey
ALTER TABLE "closed_period" ADD CONSTRAINT "closed_period_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "sensor_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closed_period_sensor" ADD CONSTRAINT "closed_period_sensor_period_id_fkey" FOREIGN KEY ("period_id") REFERENCES "closed_period"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prior_period_adjustment" ADD CONSTRAINT "prior_period_adjustment_period_id_sensor_id_fkey" FOREIGN KEY ("period_id", "sensor_id") REFERENCES "closed_period_sensor"("period_id", "sensor_id") ON DELETE RESTRICT ON UPDATE CASCADE;
