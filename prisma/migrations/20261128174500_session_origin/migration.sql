-- Where a session began. Null: it began before this was kept.
ALTER TABLE "session" ADD COLUMN "address" TEXT, ADD COLUMN "user_agent" TEXT;
