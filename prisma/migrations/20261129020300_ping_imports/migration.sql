-- CreateTable
CREATE TABLE "ping_import" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "imported_by" TEXT NOT NULL,
    "file_name" TEXT,
    "sha256" BYTEA,
    "options" JSONB NOT NULL,
    "rows" INTEGER NOT NULL,
    "readings" INTEGER NOT NULL,
    "inserted" INTEGER NOT NULL,
    "duplicates" INTEGER NOT NULL,
    "corrected" INTEGER NOT NULL,
    "sensors_created" INTEGER NOT NULL,
    "first_ping_id" BIGINT NOT NULL,
    "last_ping_id" BIGINT NOT NULL,
    "first_revision_id" BIGINT NOT NULL,
    "last_revision_id" BIGINT NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" TEXT,
    "undone_reason_code" TEXT,
    "undone_comment" TEXT,

    CONSTRAINT "ping_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ping_import_sensor" (
    "sensor_id" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "readings" INTEGER NOT NULL,
    "inserted" INTEGER NOT NULL,
    "corrected" INTEGER NOT NULL,
    "is_created" BOOLEAN NOT NULL,

    CONSTRAINT "ping_import_sensor_pkey" PRIMARY KEY ("sensor_id","import_id")
);

-- CreateIndex
CREATE INDEX "ping_import_account_id_id_idx" ON "ping_import"("account_id", "id");

-- CreateIndex
CREATE INDEX "ping_import_sensor_import_id_idx" ON "ping_import_sensor"("import_id");

-- AddForeignKey
ALTER TABLE "ping_import" ADD CONSTRAINT "ping_import_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ping_import_sensor" ADD CONSTRAINT "ping_import_sensor_sensor_id_fkey" FOREIGN KEY ("sensor_id") REFERENCES "flow_sensor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
