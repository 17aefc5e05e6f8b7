-- What instances count together. Unlogged: it costs no write-ahead log, and a crash merely begins the minute again.

-- Requests, or costs of operations, of one credential, by the second.
CREATE UNLOGGED TABLE "request_quota" (
    "key" TEXT NOT NULL,
    "seconds" BIGINT[],
    "amounts" BIGINT[],
    "granted" BIGINT NOT NULL,

    CONSTRAINT "request_quota_pkey" PRIMARY KEY ("key")
);

-- Wrong passwords and tokens. The columns and their order are those of rate-limiter-flexible.
CREATE UNLOGGED TABLE "login_failure" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "login_failure_pkey" PRIMARY KEY ("key")
);
