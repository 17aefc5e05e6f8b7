-- CreateTable
CREATE TABLE "device_field" (
    "account_id" INTEGER NOT NULL,
    "network" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "sensor_id" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "port" INTEGER,
    "time_field" TEXT,
    "absent_is_zero" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "device_field_pkey" PRIMARY KEY ("account_id","network","device","field")
);

-- CreateTable
CREATE TABLE "device_message" (
    "account_id" INTEGER NOT NULL,
    "network" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "datetime" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "device_message_pkey" PRIMARY KEY ("account_id","network","message_id")
);

-- CreateIndex
CREATE INDEX "device_message_account_id_seen_at_idx" ON "device_message"("account_id", "seen_at");

-- AddForeignKey
ALTER TABLE "device_field" ADD CONSTRAINT "device_field_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
