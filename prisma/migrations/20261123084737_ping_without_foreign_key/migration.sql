-- DropForeignKey
ALTER TABLE "ping" DROP CONSTRAINT "ping_sensor_id_fkey";
