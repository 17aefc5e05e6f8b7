-- CreateTable
CREATE TABLE "synced_sensor" (
    "account_id" INTEGER NOT NULL,
    "upstream" TEXT NOT NULL,
    "upstream_id" INTEGER NOT NULL,
    "sensor_id" INTEGER NOT NULL,
    "copied_to" TIMESTAMPTZ(3),

    CONSTRAINT "synced_sensor_pkey" PRIMARY KEY ("account_id","upstream","upstream_id")
);

-- AddForeignKey
ALTER TABLE "synced_sensor" ADD CONSTRAINT "synced_sensor_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
