-- CreateIndex
CREATE INDEX "synced_sensor_account_id_sensor_id_idx" ON "synced_sensor"("account_id", "sensor_id");
