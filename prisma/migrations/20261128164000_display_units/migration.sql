-- In which unit the pages of a user show figures.
ALTER TABLE "app_user"
  ADD COLUMN "volume_unit" TEXT NOT NULL DEFAULT 'bbl',
  ADD COLUMN "flowrate_unit" TEXT NOT NULL DEFAULT 'bbl/d';
