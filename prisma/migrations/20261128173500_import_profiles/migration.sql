-- CreateTable
CREATE TABLE "import_profile" (
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "saved_by" TEXT NOT NULL,

    CONSTRAINT "import_profile_pkey" PRIMARY KEY ("account_id","name")
);

-- AddForeignKey
ALTER TABLE "import_profile" ADD CONSTRAINT "import_profile_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
