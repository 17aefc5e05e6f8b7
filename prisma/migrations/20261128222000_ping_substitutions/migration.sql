-- CreateEnum
CREATE TYPE "substitution_method" AS ENUM ('LINEAR_INTERPOLATION', 'AVERAGE', 'REPLACE', 'EQUAL_SPREAD');

-- CreateTable
CREATE TABLE "ping_substitution" (
    "sensor_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "end" TIMESTAMPTZ(3) NOT NULL,
    "method" "substitution_method" NOT NULL,
    "value" DOUBLE PRECISION,
    "calculation" JSONB NOT NULL,
    "replaced_ids" BIGINT[],
    "substitute_count" INTEGER NOT NULL,
    "reason_code" TEXT NOT NULL,
    "comment" TEXT,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "reversed_by" TEXT,
    "reversed_at" TIMESTAMPTZ(3),
    "reversal_reason_code" TEXT,
    "reversal_comment" TEXT,

    CONSTRAINT "ping_substitution_pkey" PRIMARY KEY ("sensor_id","id")
);

-- CreateTable
CREATE TABLE "substituted_ping" (
    "sensor_id" INTEGER NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "ping_id" BIGINT NOT NULL,
    "substitution_id" BIGINT NOT NULL,

    CONSTRAINT "substituted_ping_pkey" PRIMARY KEY ("sensor_id","datetime","ping_id")
);

-- AddForeignKey
ALTER TABLE "ping_substitution" ADD CONSTRAINT "ping_substitution_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "substituted_ping" ADD CONSTRAINT "substituted_ping_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
