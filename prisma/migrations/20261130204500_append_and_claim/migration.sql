-- Records good pings as append_pings does, and claims their deliveries for a worker. Its body is that of
-- src/storage/pings/sql/append-and-claim.ts, which says what the parameters are.
CREATE FUNCTION "append_and_claim"("own_sensor_ids" INTEGER[], "own_account_ids" INTEGER[], "own_first_instants" TIMESTAMPTZ[],
  "own_last_instants" TIMESTAMPTZ[], "ping_sensor_ids" INTEGER[], "ping_instants" TIMESTAMPTZ[], "ping_flowrates" DOUBLE PRECISION[],
  "ping_ranks" INTEGER[], "traceparents" TEXT[], "claiming_endpoint_ids" INTEGER[], "claiming_limits" INTEGER[],
  "claiming_at" TIMESTAMPTZ, "claiming_worker_id" INTEGER, "claiming_failures" INTEGER, "claiming_until" TIMESTAMPTZ,
  OUT "ping_ids" TEXT, OUT "recorded_at" DOUBLE PRECISION, OUT "claimed" JSON)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  SELECT a.ping_ids, a.recorded_at INTO ping_ids, recorded_at
    FROM append_pings(own_sensor_ids, own_account_ids, own_first_instants, own_last_instants, ping_sensor_ids, ping_instants,
      ping_flowrates, ping_ranks, traceparents) AS a;
  IF ping_ids IS NULL THEN
    RETURN;
  END IF;
  -- A statement of its own, which sees the deliveries that the one before has queued.
  WITH worker AS MATERIALIZED (SELECT 1 FROM webhook_worker WHERE id = claiming_worker_id FOR KEY SHARE SKIP LOCKED),
    state AS MATERIALIZED (
      SELECT s.endpoint_id, s.last_sequence, e.revision, s.consecutive_failures >= claiming_failures AS is_probe,
        CASE WHEN s.consecutive_failures >= claiming_failures THEN least(w.most, 1) ELSE w.most END AS most
      FROM worker CROSS JOIN unnest(claiming_endpoint_ids, claiming_limits) AS w (endpoint_id, most)
      JOIN webhook_endpoint_state s ON s.endpoint_id = w.endpoint_id
      JOIN webhook_endpoint e ON e.id = w.endpoint_id
      WHERE e.enabled AND (s.paused_until IS NULL OR s.paused_until <= claiming_at)
      ORDER BY s.endpoint_id
      FOR NO KEY UPDATE OF s SKIP LOCKED
    ),
    due AS MATERIALIZED (
      SELECT s.endpoint_id, s.last_sequence, s.revision, s.is_probe, d.id, d.due_at, d.sequence,
        d.sequence IS NULL AND NOT d.is_test AS is_fresh
      FROM state s CROSS JOIN LATERAL (
        SELECT id, due_at, sequence, is_test FROM webhook_delivery
        WHERE endpoint_id = s.endpoint_id AND status = 'PENDING' AND due_at <= claiming_at AND taken_by IS NULL
        ORDER BY due_at, id LIMIT s.most
        FOR UPDATE SKIP LOCKED
      ) AS d
    ),
    numbered AS MATERIALIZED (
      SELECT id, revision, is_probe, CASE WHEN is_fresh THEN
        last_sequence + row_number() OVER (PARTITION BY endpoint_id, is_fresh ORDER BY due_at, id)
      ELSE sequence END AS sequence
      FROM due
    ),
    advanced AS (
      UPDATE webhook_endpoint_state s
      SET last_sequence = s.last_sequence + n.fresh,
        paused_until = CASE WHEN n.is_probe THEN claiming_until ELSE s.paused_until END
      FROM (
        SELECT endpoint_id, is_probe, count(*) FILTER (WHERE is_fresh) AS fresh
        FROM due GROUP BY endpoint_id, is_probe
      ) AS n
      WHERE s.endpoint_id = n.endpoint_id AND (n.fresh > 0 OR n.is_probe)
    ),
    taken AS (
      UPDATE webhook_delivery d SET taken_by = claiming_worker_id, sequence = n.sequence, redeliver = false
    FROM numbered n
    WHERE d.id = n.id AND d.id = ANY (ARRAY(SELECT id FROM numbered))
    RETURNING d.id::text, d.endpoint_id, n.revision, n.is_probe, d.webhook_id, d.sequence::float8, d.tries, d.is_test, d.event_type,
      d.sensor_id, d.sensor_name, d.ping_id::text, round(date_part('epoch', d.datetime) * 1000)::float8 AS at, d.flowrate, d.previous_flowrate, d.quality,
      round(date_part('epoch', d.range_start) * 1000)::float8 AS range_start, round(date_part('epoch', d.range_end) * 1000)::float8 AS range_end, d.ping_count, d.data, d.traceparent
    )
    SELECT json_agg(taken) INTO claimed FROM taken;
END;
$$;
