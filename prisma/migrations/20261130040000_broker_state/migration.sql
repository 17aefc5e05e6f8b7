-- What the instance that is connected to a broker reports, for the others. Unlogged: it is reported again each few seconds.
CREATE UNLOGGED TABLE "broker_state" (
    "account_id" INTEGER NOT NULL,
    "broker" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "broker_state_pkey" PRIMARY KEY ("account_id","broker")
);

-- AddForeignKey
ALTER TABLE "broker_state" ADD CONSTRAINT "broker_state_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
