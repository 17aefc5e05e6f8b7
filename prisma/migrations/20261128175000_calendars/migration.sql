-- How an account counts days, weeks and months, by a name.
CREATE TABLE "volume_calendar" (
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "day_start" TEXT NOT NULL,
    "method" "volume_method",
    "volume_unit" TEXT NOT NULL DEFAULT 'bbl',
    "flowrate_unit" TEXT NOT NULL DEFAULT 'bbl/d',

    CONSTRAINT "volume_calendar_pkey" PRIMARY KEY ("account_id","name")
);

-- AddForeignKey
ALTER TABLE "volume_calendar" ADD CONSTRAINT "volume_calendar_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A sensor names its calendar without a foreign key, which a distributed table cannot have to a local one.
ALTER TABLE "flow_sensor" ADD COLUMN "calendar" TEXT;
