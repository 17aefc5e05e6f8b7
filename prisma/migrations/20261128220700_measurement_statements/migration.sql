-- CreateTable
CREATE TABLE "signing_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "private_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "measurement_statement" (
    "account_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "supersedes" INTEGER,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "header" TEXT NOT NULL,
    "checksums" TEXT NOT NULL,

    CONSTRAINT "measurement_statement_pkey" PRIMARY KEY ("account_id","number")
);

-- CreateTable
CREATE TABLE "measurement_statement_part" (
    "account_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "document" BYTEA NOT NULL,

    CONSTRAINT "measurement_statement_part_pkey" PRIMARY KEY ("account_id","number","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "measurement_statement_account_id_supersedes_key" ON "measurement_statement"("account_id", "supersedes");

-- AddForeignKey
ALTER TABLE "measurement_statement_part" ADD CONSTRAINT "measurement_statement_part_account_id_number_fkey" FOREIGN KEY ("account_id", "number") REFERENCES "measurement_statement"("account_id", "number") ON DELETE RESTRICT ON UPDATE CASCADE;
