-- CreateEnum
CREATE TYPE "role" AS ENUM ('VIEWER', 'ADMIN');

-- CreateEnum
CREATE TYPE "scope" AS ENUM ('READ', 'INGEST', 'ADMIN');

-- CreateTable
CREATE TABLE "account" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" "role" NOT NULL DEFAULT 'VIEWER',
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" "scope"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_sensor" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "pipe_diameter" DOUBLE PRECISION,
    "activated_at" TIMESTAMPTZ(3),
    "max_gap" INTEGER NOT NULL DEFAULT 3600,

    CONSTRAINT "flow_sensor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ping" (
    "sensor_id" INTEGER NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "flowrate" DOUBLE PRECISION NOT NULL,
    "id" BIGSERIAL NOT NULL,

    CONSTRAINT "ping_pkey" PRIMARY KEY ("sensor_id","datetime")
);

-- CreateTable
CREATE TABLE "ping_summary" (
    "sensor_id" INTEGER NOT NULL,
    "level" SMALLINT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "ping_count" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3),
    "first_flowrate" DOUBLE PRECISION,
    "last_at" TIMESTAMPTZ(3),
    "last_flowrate" DOUBLE PRECISION,
    "linear_volume" DOUBLE PRECISION NOT NULL,
    "step_volume" DOUBLE PRECISION NOT NULL,
    "covered_ms" BIGINT NOT NULL,
    "longest_gap_ms" BIGINT NOT NULL,
    "min_flowrate" DOUBLE PRECISION,
    "max_flowrate" DOUBLE PRECISION,
    "flowrate_sum" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "ping_summary_pkey" PRIMARY KEY ("sensor_id","level","start")
);

-- CreateTable
CREATE TABLE "ping_revision" (
    "sensor_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "ping_id" BIGINT NOT NULL,
    "old_flowrate" DOUBLE PRECISION NOT NULL,
    "new_flowrate" DOUBLE PRECISION,
    "revised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revised_by" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "ping_revision_pkey" PRIMARY KEY ("sensor_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_name_key" ON "account"("name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_username_key" ON "app_user"("username");

-- CreateIndex
CREATE INDEX "app_user_account_id_idx" ON "app_user"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_hash_key" ON "session"("hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_account_id_idx" ON "api_token"("account_id");

-- CreateIndex
CREATE INDEX "flow_sensor_account_id_id_idx" ON "flow_sensor"("account_id", "id");

-- CreateIndex
CREATE INDEX "flow_sensor_account_id_name_id_idx" ON "flow_sensor"("account_id", "name", "id");

-- CreateIndex
CREATE INDEX "ping_revision_sensor_id_datetime_id_idx" ON "ping_revision"("sensor_id", "datetime", "id");

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_sensor" ADD CONSTRAINT "flow_sensor_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ping" ADD CONSTRAINT "ping_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ping_summary" ADD CONSTRAINT "ping_summary_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ping_revision" ADD CONSTRAINT "ping_revision_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
