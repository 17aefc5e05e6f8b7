-- AlterTable
ALTER TABLE "app_user" ADD COLUMN     "identity_issuer" TEXT,
ADD COLUMN     "identity_subject" TEXT;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "issuer" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "app_user_identity_issuer_identity_subject_key" ON "app_user"("identity_issuer", "identity_subject");
