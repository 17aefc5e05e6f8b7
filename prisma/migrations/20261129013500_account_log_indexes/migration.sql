-- CreateIndex
CREATE INDEX "audit_event_account_id_at_id_idx" ON "audit_event"("account_id", "at", "id");

-- CreateIndex
CREATE INDEX "ping_revision_sensor_id_revised_at_id_idx" ON "ping_revision"("sensor_id", "revised_at", "id");

-- CreateIndex
CREATE INDEX "sensor_configuration_change_sensor_id_recorded_at_id_idx" ON "sensor_configuration_change"("sensor_id", "recorded_at", "id");
