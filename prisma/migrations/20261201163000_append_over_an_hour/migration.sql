-- Records good pings that follow the last ones of their sensors, in one statement. Its body is that of
-- src/storage/pings/sql/append-pings.ts, which says what the parameters are. Where it records none, what it returns is null.
CREATE OR REPLACE FUNCTION "append_pings"("own_sensor_ids" INTEGER[], "own_account_ids" INTEGER[], "own_first_instants" TIMESTAMPTZ[],
  "own_last_instants" TIMESTAMPTZ[], "ping_sensor_ids" INTEGER[], "ping_instants" TIMESTAMPTZ[], "ping_flowrates" DOUBLE PRECISION[],
  "ping_ranks" INTEGER[], "traceparents" TEXT[], OUT "ping_ids" TEXT, OUT "recorded_at" DOUBLE PRECISION)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  ids bigint[];
  last_good timestamptz[];
  last_any timestamptz[];
  free int;
  growing int;
  grown int[] := '{}';
  rest_sensor_ids int[];
  rest_instants timestamptz[];
BEGIN
  SELECT array_agg(l.last_at), array_agg(greatest(l.last_at, l.last_bad_at)) INTO last_good, last_any
    FROM (
      SELECT last_at, last_bad_at FROM ping_summary
      WHERE sensor_id = ANY (own_sensor_ids) AND level = 3 ORDER BY sensor_id FOR UPDATE SKIP LOCKED
    ) AS l;
  IF cardinality(last_any) IS DISTINCT FROM cardinality(own_sensor_ids) THEN
    RETURN;
  END IF;
  -- A statement of its own, which sees what was committed before the sensors were locked.
  SELECT
      count(*) FILTER (WHERE (s.account_id <> k.account_id OR k.at <= k.last_any
        OR s.retired_at IS NOT NULL OR s.checks IS NOT NULL OR s.entry_unit <> 'bbl/d'
        OR k.at < greatest(s.closed_until, s.thinned_until)) IS NOT TRUE),
      count(*) FILTER (WHERE date_bin(interval '1 hour', k.at, timestamptz '1970-01-01 00:00:00+00') = date_bin(interval '1 hour', k.last_good, timestamptz '1970-01-01 00:00:00+00'))
    INTO free, growing
    FROM unnest(own_sensor_ids, own_account_ids, own_first_instants, last_good, last_any) AS k (sensor_id, account_id, at, last_good, last_any)
    JOIN flow_sensor s ON s.id = k.sensor_id;
  IF free < cardinality(own_sensor_ids) THEN
    RETURN;
  END IF;
  recorded_at := ceil(date_part('epoch', clock_timestamp()) * 1000);
  ids := ARRAY(SELECT nextval('ping_id_seq') FROM generate_series(1, cardinality(ping_sensor_ids)));
  INSERT INTO ping (sensor_id, datetime, flowrate, id, recorded_at)
    SELECT k.sensor_id, k.datetime, k.flowrate, ids[k.rank], to_timestamp(append_pings.recorded_at / 1000)
    FROM unnest(ping_sensor_ids, ping_instants, ping_flowrates, ping_ranks) AS k (sensor_id, datetime, flowrate, rank);
  IF cardinality(ping_sensor_ids) = cardinality(own_sensor_ids) THEN
    IF growing > 0 THEN
    WITH grown_0 AS (
      UPDATE ping_summary u SET ping_count = u.ping_count + g.ping_count, last_at = g.last_at, last_flowrate = g.last_flowrate,
        measured_linear_volume = g.measured_linear_volume, measured_step_volume = g.measured_step_volume, outage_linear_volume = g.outage_linear_volume, outage_step_volume = g.outage_step_volume,
        covered_ms = u.covered_ms + g.covered_ms, longest_gap_ms = greatest(u.longest_gap_ms, g.longest_gap_ms),
        min_flowrate = least(g.min_flowrate, u.min_flowrate), max_flowrate = greatest(g.max_flowrate, u.max_flowrate),
        flowrate_sum = g.flowrate_sum
      FROM (
      SELECT k.sensor_id, k.start, 1 AS ping_count, k.at AS last_at, k.flowrate AS last_flowrate, k.measured_linear_volume + CASE WHEN k.gap_ms <= k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END AS measured_linear_volume, k.measured_step_volume + CASE WHEN k.gap_ms <= k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END AS measured_step_volume, k.outage_linear_volume + CASE WHEN k.gap_ms > k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END AS outage_linear_volume, k.outage_step_volume + CASE WHEN k.gap_ms > k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END AS outage_step_volume,
        CASE WHEN k.gap_ms <= k.max_gap_ms THEN k.gap_ms ELSE 0 END::bigint AS covered_ms, k.gap_ms::bigint AS longest_gap_ms,
        k.flowrate AS min_flowrate, k.flowrate AS max_flowrate, k.flowrate_sum + k.flowrate AS flowrate_sum,
        true AS is_whole
      FROM (
        SELECT h.sensor_id, h.start, o.at, o.flowrate, h.last_flowrate, h.measured_linear_volume, h.measured_step_volume, h.outage_linear_volume, h.outage_step_volume, h.flowrate_sum,
          round(date_part('epoch', o.at - h.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(h.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
        FROM unnest(own_sensor_ids, own_first_instants, ping_flowrates) AS o (sensor_id, at, flowrate)
        JOIN flow_sensor s ON s.id = o.sensor_id
        CROSS JOIN LATERAL (
          SELECT * FROM ping_summary h WHERE h.sensor_id = o.sensor_id AND h.level = 0 AND h.start = date_bin(interval '1 hour', o.at, timestamptz '1970-01-01 00:00:00+00') OFFSET 0
        ) AS h
        OFFSET 0
      ) AS k) AS g
      WHERE u.sensor_id = g.sensor_id AND u.level = 0 AND u.start = g.start
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum, g.is_whole
    ),
    grown_1 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (SELECT * FROM grown_0 WHERE is_whole) AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 1 AND u.start = date_bin(interval '1 day', l.last_at, timestamptz '1970-01-01 00:00:00+00')
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    grown_2 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM grown_1 AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 2 AND u.start = date_bin(interval '32 days', l.last_at, timestamptz '1970-01-01 00:00:00+00')
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    grown_3 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM grown_2 AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 3 AND u.start = timestamptz '0001-01-01T00:00:00Z'
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    )
      SELECT coalesce(array_agg(sensor_id), '{}') INTO grown FROM grown_3;
    END IF;
    IF cardinality(grown) < cardinality(own_sensor_ids) THEN
    WITH begun_0 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum)
      SELECT 0, h.sensor_id, h.start, h.ping_count, h.first_at, h.first_flowrate, h.last_at, h.last_flowrate, h.measured_linear_volume, h.measured_step_volume, h.outage_linear_volume, h.outage_step_volume, h.covered_ms, h.longest_gap_ms, h.min_flowrate, h.max_flowrate, h.flowrate_sum
      FROM (
      SELECT o.sensor_id, date_bin(interval '1 hour', o.at, timestamptz '1970-01-01 00:00:00+00') AS start, 1 AS ping_count, o.at AS first_at, o.flowrate AS first_flowrate,
        o.at AS last_at, o.flowrate AS last_flowrate, 0::float8 AS measured_linear_volume, 0::float8 AS measured_step_volume, 0::float8 AS outage_linear_volume, 0::float8 AS outage_step_volume, 0 AS covered_ms, 0 AS longest_gap_ms,
        o.flowrate AS min_flowrate, o.flowrate AS max_flowrate, o.flowrate AS flowrate_sum
      FROM unnest(own_sensor_ids, own_first_instants, ping_flowrates) AS o (sensor_id, at, flowrate)
      JOIN ping_summary a ON a.sensor_id = o.sensor_id AND a.level = 3
        AND coalesce(a.last_at, '-infinity') < date_bin(interval '1 hour', o.at, timestamptz '1970-01-01 00:00:00+00')) AS h
      ON CONFLICT (sensor_id, level, start) DO NOTHING
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_1 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 1, c.sensor_id, date_bin(interval '1 day', c.last_at, timestamptz '1970-01-01 00:00:00+00'), (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_0 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 1 AND u.start = date_bin(interval '1 day', c.last_at, timestamptz '1970-01-01 00:00:00+00')
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 0 AND l.start = date_bin(interval '1 hour', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_2 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 2, c.sensor_id, date_bin(interval '32 days', c.last_at, timestamptz '1970-01-01 00:00:00+00'), (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_1 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 2 AND u.start = date_bin(interval '32 days', c.last_at, timestamptz '1970-01-01 00:00:00+00')
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 1 AND l.start = date_bin(interval '1 day', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_3 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 3, c.sensor_id, timestamptz '0001-01-01T00:00:00Z', (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_2 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 3 AND u.start = timestamptz '0001-01-01T00:00:00Z'
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 2 AND l.start = date_bin(interval '32 days', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    )
      SELECT grown || coalesce(array_agg(sensor_id), '{}') INTO grown FROM begun_3;
    END IF;
  ELSE
    IF growing > 0 THEN
    WITH grown_0 AS (
      UPDATE ping_summary u SET ping_count = u.ping_count + g.ping_count, last_at = g.last_at, last_flowrate = g.last_flowrate,
        measured_linear_volume = g.measured_linear_volume, measured_step_volume = g.measured_step_volume, outage_linear_volume = g.outage_linear_volume, outage_step_volume = g.outage_step_volume,
        covered_ms = u.covered_ms + g.covered_ms, longest_gap_ms = greatest(u.longest_gap_ms, g.longest_gap_ms),
        min_flowrate = least(g.min_flowrate, u.min_flowrate), max_flowrate = greatest(g.max_flowrate, u.max_flowrate),
        flowrate_sum = g.flowrate_sum
      FROM (
      SELECT k.sensor_id, min(k.start) AS start, count(*) AS ping_count,
        min(k.at) AS first_at, min(k.flowrate) FILTER (WHERE k.is_first) AS first_flowrate,
        max(k.at) AS last_at, min(k.flowrate) FILTER (WHERE k.is_last) AS last_flowrate,
        sum(CASE WHEN k.is_first THEN k.measured_linear_volume ELSE 0 END + CASE WHEN k.gap_ms <= k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
        sum(CASE WHEN k.is_first THEN k.measured_step_volume ELSE 0 END + CASE WHEN k.gap_ms <= k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
        sum(CASE WHEN k.is_first THEN k.outage_linear_volume ELSE 0 END + CASE WHEN k.gap_ms > k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
        sum(CASE WHEN k.is_first THEN k.outage_step_volume ELSE 0 END + CASE WHEN k.gap_ms > k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
        coalesce(sum(k.gap_ms) FILTER (WHERE k.gap_ms <= k.max_gap_ms), 0)::bigint AS covered_ms,
        coalesce(max(k.gap_ms), 0)::bigint AS longest_gap_ms, min(k.flowrate) AS min_flowrate, max(k.flowrate) AS max_flowrate,
        sum(CASE WHEN k.is_first THEN k.flowrate_sum ELSE 0 END + k.flowrate) AS flowrate_sum,
        bool_and(k.is_whole) AS is_whole
      FROM (
        SELECT s.*, round(date_part('epoch', s.at - s.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(s.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
        FROM (
          SELECT o.sensor_id, o.at, o.flowrate, o.start, o.is_whole, lag(o.at, 1, o.last_at) OVER in_time AS last_at, lag(o.flowrate, 1, o.last_flowrate) OVER in_time AS last_flowrate,
            o.measured_linear_volume, o.measured_step_volume, o.outage_linear_volume, o.outage_step_volume, o.flowrate_sum,
            lag(o.at) OVER in_time IS NULL AS is_first, lead(o.at) OVER in_time IS NULL AS is_last,
            o.max_gap, o.earlier_max_gaps, o.max_gap_changed_at
          FROM (
            SELECT o.*, k.at, k.flowrate
            FROM (
              SELECT o.sensor_id, a.*, o.last_new_at < a.start + interval '1 hour' AS is_whole, s.max_gap, s.earlier_max_gaps, s.max_gap_changed_at
              FROM unnest(own_sensor_ids, own_first_instants, own_last_instants) AS o (sensor_id, first_new_at, last_new_at)
              JOIN flow_sensor s ON s.id = o.sensor_id
              CROSS JOIN LATERAL (
              SELECT h.start, h.last_at, h.last_flowrate, h.measured_linear_volume, h.measured_step_volume, h.outage_linear_volume, h.outage_step_volume, h.flowrate_sum FROM ping_summary h
              WHERE h.sensor_id = o.sensor_id AND h.level = 0 AND h.start = date_bin(interval '1 hour', o.first_new_at, timestamptz '1970-01-01 00:00:00+00')
                OFFSET 0
              ) AS a
              WHERE o.last_new_at < a.start + 2 * interval '1 hour'
              OFFSET 0
            ) AS o
            FULL JOIN unnest(ping_sensor_ids, ping_instants, ping_flowrates) AS k (sensor_id, at, flowrate) ON k.sensor_id = o.sensor_id
            OFFSET 0
          ) AS o
          WHERE o.at < o.start + interval '1 hour'
          WINDOW in_time AS (PARTITION BY o.sensor_id ORDER BY o.at)
        ) AS s
      ) AS k
      GROUP BY k.sensor_id) AS g
      WHERE u.sensor_id = g.sensor_id AND u.level = 0 AND u.start = g.start
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum, g.is_whole
    ),
    grown_1 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (SELECT * FROM grown_0 WHERE is_whole) AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 1 AND u.start = date_bin(interval '1 day', l.last_at, timestamptz '1970-01-01 00:00:00+00')
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    grown_2 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM grown_1 AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 2 AND u.start = date_bin(interval '32 days', l.last_at, timestamptz '1970-01-01 00:00:00+00')
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    grown_3 AS (
      UPDATE ping_summary u SET last_at = l.last_at, last_flowrate = l.last_flowrate,
        ping_count = (u.before_last[1] + l.ping_count)::bigint, measured_linear_volume = u.before_last[2] + l.measured_linear_volume, measured_step_volume = u.before_last[3] + l.measured_step_volume, outage_linear_volume = u.before_last[4] + l.outage_linear_volume, outage_step_volume = u.before_last[5] + l.outage_step_volume, covered_ms = (u.before_last[6] + l.covered_ms)::bigint, longest_gap_ms = greatest(u.before_last[7]::bigint, l.longest_gap_ms), min_flowrate = least(u.before_last[8], l.min_flowrate), max_flowrate = greatest(u.before_last[9], l.max_flowrate), flowrate_sum = u.before_last[10] + l.flowrate_sum,
        before_last_written_by = (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM grown_2 AS l
      WHERE u.sensor_id = l.sensor_id AND u.level = 3 AND u.start = timestamptz '0001-01-01T00:00:00Z'
        AND u.before_last_written_by = u.xmin::text::bigint
      RETURNING u.sensor_id, u.last_at, u.last_flowrate, u.ping_count, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    )
      SELECT coalesce(array_agg(sensor_id), '{}') INTO grown FROM grown_3;
    END IF;
    IF cardinality(grown) < cardinality(own_sensor_ids) THEN
    WITH begun_0 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum)
      SELECT 0, h.sensor_id, h.start, h.ping_count, h.first_at, h.first_flowrate, h.last_at, h.last_flowrate, h.measured_linear_volume, h.measured_step_volume, h.outage_linear_volume, h.outage_step_volume, h.covered_ms, h.longest_gap_ms, h.min_flowrate, h.max_flowrate, h.flowrate_sum
      FROM (
      SELECT k.sensor_id, min(k.start) AS start, count(*) AS ping_count,
        min(k.at) AS first_at, min(k.flowrate) FILTER (WHERE k.is_first) AS first_flowrate,
        max(k.at) AS last_at, min(k.flowrate) FILTER (WHERE k.is_last) AS last_flowrate,
        sum(CASE WHEN k.gap_ms <= k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
        sum(CASE WHEN k.gap_ms <= k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
        sum(CASE WHEN k.gap_ms > k.max_gap_ms THEN (k.last_flowrate + k.flowrate) / 2 * (k.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
        sum(CASE WHEN k.gap_ms > k.max_gap_ms THEN k.last_flowrate * (k.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
        coalesce(sum(k.gap_ms) FILTER (WHERE k.gap_ms <= k.max_gap_ms), 0)::bigint AS covered_ms,
        coalesce(max(k.gap_ms), 0)::bigint AS longest_gap_ms, min(k.flowrate) AS min_flowrate, max(k.flowrate) AS max_flowrate,
        sum(k.flowrate) AS flowrate_sum,
        bool_and(k.is_whole) AS is_whole
      FROM (
        SELECT s.*, round(date_part('epoch', s.at - s.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(s.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
        FROM (
          SELECT o.sensor_id, o.at, o.flowrate, o.start, o.is_whole, lag(o.at) OVER in_time AS last_at, lag(o.flowrate) OVER in_time AS last_flowrate,
            lag(o.at) OVER in_time IS NULL AS is_first, lead(o.at) OVER in_time IS NULL AS is_last,
            o.max_gap, o.earlier_max_gaps, o.max_gap_changed_at
          FROM (
            SELECT o.*, k.at, k.flowrate
            FROM (
              SELECT o.sensor_id, a.*, o.last_new_at < a.start + interval '1 hour' AS is_whole, s.max_gap, s.earlier_max_gaps, s.max_gap_changed_at
              FROM unnest(own_sensor_ids, own_first_instants, own_last_instants) AS o (sensor_id, first_new_at, last_new_at)
              JOIN flow_sensor s ON s.id = o.sensor_id
              CROSS JOIN LATERAL (
              SELECT date_bin(interval '1 hour', o.last_new_at, timestamptz '1970-01-01 00:00:00+00') AS start, coalesce(a.last_at, '-infinity') AS last_at FROM ping_summary a
              WHERE a.sensor_id = o.sensor_id AND a.level = 3
                OFFSET 0
              ) AS a
              WHERE a.last_at < a.start AND (date_bin(interval '1 hour', o.first_new_at, timestamptz '1970-01-01 00:00:00+00') = a.start OR (a.last_at >= date_bin(interval '1 hour', o.first_new_at, timestamptz '1970-01-01 00:00:00+00') AND date_bin(interval '1 hour', o.first_new_at, timestamptz '1970-01-01 00:00:00+00') + interval '1 hour' = a.start))
              OFFSET 0
            ) AS o
            FULL JOIN unnest(ping_sensor_ids, ping_instants, ping_flowrates) AS k (sensor_id, at, flowrate) ON k.sensor_id = o.sensor_id
            OFFSET 0
          ) AS o
          WHERE o.at >= o.start
          WINDOW in_time AS (PARTITION BY o.sensor_id ORDER BY o.at)
        ) AS s
      ) AS k
      GROUP BY k.sensor_id) AS h
      ON CONFLICT (sensor_id, level, start) DO NOTHING
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_1 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 1, c.sensor_id, date_bin(interval '1 day', c.last_at, timestamptz '1970-01-01 00:00:00+00'), (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_0 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 1 AND u.start = date_bin(interval '1 day', c.last_at, timestamptz '1970-01-01 00:00:00+00')
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 0 AND l.start = date_bin(interval '1 hour', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_2 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 2, c.sensor_id, date_bin(interval '32 days', c.last_at, timestamptz '1970-01-01 00:00:00+00'), (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_1 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 2 AND u.start = date_bin(interval '32 days', c.last_at, timestamptz '1970-01-01 00:00:00+00')
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 1 AND l.start = date_bin(interval '1 day', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    ),
    begun_3 AS (
      INSERT INTO ping_summary AS u (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
      SELECT 3, c.sensor_id, timestamptz '0001-01-01T00:00:00Z', (c.before_last[1] + c.ping_count)::bigint, coalesce(c.stored_first_at, c.first_at), coalesce(c.stored_first_flowrate, c.first_flowrate), c.last_at, c.last_flowrate, c.before_last[2] + c.measured_linear_volume, c.before_last[3] + c.measured_step_volume, c.before_last[4] + c.outage_linear_volume, c.before_last[5] + c.outage_step_volume, (c.before_last[6] + c.covered_ms)::bigint, greatest(c.before_last[7]::bigint, c.longest_gap_ms), least(c.before_last[8], c.min_flowrate), greatest(c.before_last[9], c.max_flowrate), c.before_last[10] + c.flowrate_sum,
        c.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
      FROM (
        SELECT c.*, u.first_at AS stored_first_at, u.first_flowrate AS stored_first_flowrate,
          CASE WHEN u.last_at IS NULL THEN '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[] WHEN u.last_at >= c.start THEN u.before_last
            ELSE ARRAY[(u.before_last[1] + (l.ping_count))::bigint, u.before_last[2] + (l.measured_linear_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[3] + (l.measured_step_volume + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[4] + (l.outage_linear_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN (l.last_flowrate + c.first_flowrate) / 2 * (l.gap_ms / 86400000.0) ELSE 0 END), u.before_last[5] + (l.outage_step_volume + CASE WHEN l.gap_ms > l.max_gap_ms THEN l.last_flowrate * (l.gap_ms / 86400000.0) ELSE 0 END), (u.before_last[6] + (l.covered_ms + CASE WHEN l.gap_ms <= l.max_gap_ms THEN l.gap_ms ELSE 0 END))::bigint, greatest(u.before_last[7]::bigint, (greatest(l.longest_gap_ms, l.gap_ms))), least(u.before_last[8], (l.min_flowrate)), greatest(u.before_last[9], (l.max_flowrate)), u.before_last[10] + (l.flowrate_sum)]::float8[]
          END AS before_last
        FROM begun_2 AS c
        LEFT JOIN ping_summary u ON u.sensor_id = c.sensor_id AND u.level = 3 AND u.start = timestamptz '0001-01-01T00:00:00Z'
        LEFT JOIN LATERAL (
          SELECT l.*, round(date_part('epoch', c.first_at - l.last_at) * 1000) AS gap_ms, (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(l.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
          FROM flow_sensor s
          JOIN ping_summary l ON l.sensor_id = c.sensor_id AND l.level = 2 AND l.start = date_bin(interval '32 days', u.last_at, timestamptz '1970-01-01 00:00:00+00')
          WHERE s.id = c.sensor_id AND u.last_at < c.start
          OFFSET 0
        ) AS l ON true
        WHERE u.last_at IS NULL OR (u.before_last_written_by = u.xmin::text::bigint AND (u.last_at >= c.start OR l.sensor_id IS NOT NULL))
        OFFSET 0
      ) AS c
      ON CONFLICT (sensor_id, level, start) DO UPDATE SET
        ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by
      RETURNING u.sensor_id, u.start, u.ping_count, u.first_at, u.first_flowrate, u.last_at, u.last_flowrate, u.measured_linear_volume, u.measured_step_volume, u.outage_linear_volume, u.outage_step_volume, u.covered_ms, u.longest_gap_ms, u.min_flowrate, u.max_flowrate, u.flowrate_sum
    )
      SELECT grown || coalesce(array_agg(sensor_id), '{}') INTO grown FROM begun_3;
    END IF;
  END IF;
  IF cardinality(grown) < cardinality(own_sensor_ids) THEN
    SELECT array_agg(k.sensor_id), array_agg(k.at) INTO rest_sensor_ids, rest_instants
      FROM unnest(ping_sensor_ids, ping_instants) AS k (sensor_id, at) WHERE NOT k.sensor_id = ANY (grown);
    INSERT INTO ping_summary (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum)
    SELECT 0, fresh.* FROM (
    SELECT s.id, t.start, merged.*
    FROM (
      SELECT sensor_id, date_bin(interval '1 hour', at, timestamptz '1970-01-01 00:00:00+00') AS start, min(at) AS since
      FROM unnest(rest_sensor_ids, rest_instants) AS k (sensor_id, at)
      GROUP BY 1, 2
    ) AS t
    JOIN flow_sensor s ON s.id = t.sensor_id
    LEFT JOIN ping_summary h
      ON h.sensor_id = s.id AND h.level = 0 AND h.start = t.start AND h.last_at < t.since
    CROSS JOIN LATERAL (
    SELECT sum(p.ping_count)::bigint AS ping_count,
      min(p.first_at) AS first_at, min(p.first_flowrate) FILTER (WHERE p.is_first) AS first_flowrate,
      max(p.last_at) AS last_at, min(p.last_flowrate) FILTER (WHERE p.gap_ms IS NULL) AS last_flowrate,
      sum(p.measured_linear_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
      sum(p.measured_step_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
      sum(p.outage_linear_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
      sum(p.outage_step_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
      (sum(p.covered_ms) + coalesce(sum(p.gap_ms) FILTER (WHERE p.gap_ms <= p.max_gap_ms), 0))::bigint AS covered_ms,
      coalesce(greatest(max(p.longest_gap_ms), max(p.gap_ms)), 0)::bigint AS longest_gap_ms,
      min(p.min_flowrate) AS min_flowrate, max(p.max_flowrate) AS max_flowrate,
      sum(p.flowrate_sum) AS flowrate_sum
    FROM (
      SELECT p.*, row_number() OVER in_time = 1 AS is_first,
        lead(p.first_flowrate) OVER in_time AS next_flowrate,
        round(date_part('epoch', lead(p.first_at) OVER in_time - p.last_at) * 1000) AS gap_ms,
        (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(p.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
      FROM (
    SELECT g.sensor_id, g.start, g.ping_count, g.first_at, g.first_flowrate, g.last_at, g.last_flowrate, g.measured_linear_volume, g.measured_step_volume, g.outage_linear_volume, g.outage_step_volume, g.covered_ms, g.longest_gap_ms, g.min_flowrate, g.max_flowrate, g.flowrate_sum FROM ping_summary g
    WHERE g.sensor_id = s.id AND g.level = 0 AND g.start = h.start
    UNION ALL
    SELECT p.sensor_id, p.datetime, 1::bigint AS ping_count, p.datetime AS first_at, p.flowrate AS first_flowrate, p.datetime AS last_at, p.flowrate AS last_flowrate, 0::float8 AS measured_linear_volume, 0::float8 AS measured_step_volume, 0::float8 AS outage_linear_volume, 0::float8 AS outage_step_volume, 0::bigint AS covered_ms, 0::bigint AS longest_gap_ms, p.flowrate AS min_flowrate, p.flowrate AS max_flowrate, p.flowrate AS flowrate_sum FROM ping p
    WHERE p.sensor_id = s.id AND p.datetime >= CASE WHEN h.start IS NULL THEN t.start ELSE t.since END
      AND p.datetime < t.start + interval '1 hour' AND p.quality IS DISTINCT FROM 0) AS p
      WINDOW in_time AS (ORDER BY p.start)
    ) AS p
    GROUP BY p.sensor_id) AS merged) AS fresh
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum,
      before_last = NULL, before_last_written_by = NULL;
    SELECT array_agg(k.sensor_id ORDER BY k.sensor_id), array_agg(k.at ORDER BY k.sensor_id) INTO rest_sensor_ids, rest_instants
      FROM unnest(own_sensor_ids, own_last_instants) AS k (sensor_id, at) WHERE NOT k.sensor_id = ANY (grown);
    INSERT INTO ping_summary (level, sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum, before_last, before_last_written_by)
    SELECT above.level, k.sensor_id, above.start, above.ping_count, above.first_at, above.first_flowrate, above.last_at, above.last_flowrate, above.measured_linear_volume, above.measured_step_volume, above.outage_linear_volume, above.outage_step_volume, above.covered_ms, above.longest_gap_ms, above.min_flowrate, above.max_flowrate, above.flowrate_sum,
      above.before_last, (SELECT pg_current_xact_id()::xid::text::bigint)
    FROM unnest(rest_sensor_ids, rest_instants) AS k (sensor_id, at)
    JOIN flow_sensor s ON s.id = k.sensor_id
    JOIN ping_summary piece_0 ON piece_0.sensor_id = k.sensor_id AND piece_0.level = 0
      AND piece_0.start = date_bin(interval '1 hour', k.at, timestamptz '1970-01-01 00:00:00+00')
    
    LEFT JOIN ping_summary stored_1 ON stored_1.sensor_id = k.sensor_id AND stored_1.level = 1
      AND stored_1.start = date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00')
    CROSS JOIN LATERAL (
      SELECT coalesce(
        CASE WHEN stored_1.last_at >= date_bin(interval '1 hour', k.at, timestamptz '1970-01-01 00:00:00+00') AND stored_1.before_last_written_by = stored_1.xmin::text::bigint THEN stored_1.before_last END,
        (SELECT ARRAY[before.ping_count, before.measured_linear_volume, before.measured_step_volume, before.outage_linear_volume, before.outage_step_volume, before.covered_ms, before.longest_gap_ms, before.min_flowrate, before.max_flowrate, before.flowrate_sum]::float8[]
          FROM (
    SELECT sum(p.ping_count)::bigint AS ping_count,
      min(p.first_at) AS first_at, min(p.first_flowrate) FILTER (WHERE p.is_first) AS first_flowrate,
      max(p.last_at) AS last_at, min(p.last_flowrate) FILTER (WHERE p.gap_ms IS NULL) AS last_flowrate,
      sum(p.measured_linear_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
      sum(p.measured_step_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
      sum(p.outage_linear_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
      sum(p.outage_step_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
      (sum(p.covered_ms) + coalesce(sum(p.gap_ms) FILTER (WHERE p.gap_ms <= p.max_gap_ms), 0))::bigint AS covered_ms,
      coalesce(greatest(max(p.longest_gap_ms), max(p.gap_ms)), 0)::bigint AS longest_gap_ms,
      min(p.min_flowrate) AS min_flowrate, max(p.max_flowrate) AS max_flowrate,
      sum(p.flowrate_sum) AS flowrate_sum
    FROM (
      SELECT p.*, row_number() OVER in_time = 1 AS is_first,
        lead(p.first_flowrate, 1, piece_0.first_flowrate) OVER in_time AS next_flowrate,
        round(date_part('epoch', lead(p.first_at, 1, piece_0.first_at) OVER in_time - p.last_at) * 1000) AS gap_ms,
        (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(p.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
      FROM (SELECT sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum FROM ping_summary
      WHERE sensor_id = k.sensor_id AND level = 0 AND start < date_bin(interval '1 hour', k.at, timestamptz '1970-01-01 00:00:00+00')
        AND start >= CASE WHEN stored_1.before_last_written_by = stored_1.xmin::text::bigint THEN date_bin(interval '1 hour', stored_1.last_at, timestamptz '1970-01-01 00:00:00+00') ELSE date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00') END
      UNION ALL
      SELECT k.sensor_id, '-infinity', stored_1.before_last[1], NULL, NULL, NULL, NULL, stored_1.before_last[2], stored_1.before_last[3], stored_1.before_last[4], stored_1.before_last[5], stored_1.before_last[6], stored_1.before_last[7], stored_1.before_last[8], stored_1.before_last[9], stored_1.before_last[10] WHERE stored_1.before_last_written_by = stored_1.xmin::text::bigint) AS p
      WINDOW in_time AS (ORDER BY p.start)
    ) AS p
    GROUP BY p.sensor_id) AS before),
        '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[]) AS before_last
      OFFSET 0
    ) AS kept_1
    CROSS JOIN LATERAL (
      SELECT (kept_1.before_last[1] + piece_0.ping_count)::bigint AS ping_count, coalesce(stored_1.first_at, (SELECT first.first_at FROM ping_summary first WHERE first.sensor_id = k.sensor_id
        AND first.level = 0 AND first.start >= date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00') ORDER BY first.start LIMIT 1)) AS first_at, coalesce(stored_1.first_flowrate, (SELECT first.first_flowrate FROM ping_summary first WHERE first.sensor_id = k.sensor_id
        AND first.level = 0 AND first.start >= date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00') ORDER BY first.start LIMIT 1)) AS first_flowrate, piece_0.last_at AS last_at, piece_0.last_flowrate AS last_flowrate, kept_1.before_last[2] + piece_0.measured_linear_volume AS measured_linear_volume, kept_1.before_last[3] + piece_0.measured_step_volume AS measured_step_volume, kept_1.before_last[4] + piece_0.outage_linear_volume AS outage_linear_volume, kept_1.before_last[5] + piece_0.outage_step_volume AS outage_step_volume, (kept_1.before_last[6] + piece_0.covered_ms)::bigint AS covered_ms, greatest(kept_1.before_last[7]::bigint, piece_0.longest_gap_ms) AS longest_gap_ms, least(kept_1.before_last[8], piece_0.min_flowrate) AS min_flowrate, greatest(kept_1.before_last[9], piece_0.max_flowrate) AS max_flowrate, kept_1.before_last[10] + piece_0.flowrate_sum AS flowrate_sum
    ) AS piece_1
    LEFT JOIN ping_summary stored_2 ON stored_2.sensor_id = k.sensor_id AND stored_2.level = 2
      AND stored_2.start = date_bin(interval '32 days', k.at, timestamptz '1970-01-01 00:00:00+00')
    CROSS JOIN LATERAL (
      SELECT coalesce(
        CASE WHEN stored_2.last_at >= date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00') AND stored_2.before_last_written_by = stored_2.xmin::text::bigint THEN stored_2.before_last END,
        (SELECT ARRAY[before.ping_count, before.measured_linear_volume, before.measured_step_volume, before.outage_linear_volume, before.outage_step_volume, before.covered_ms, before.longest_gap_ms, before.min_flowrate, before.max_flowrate, before.flowrate_sum]::float8[]
          FROM (
    SELECT sum(p.ping_count)::bigint AS ping_count,
      min(p.first_at) AS first_at, min(p.first_flowrate) FILTER (WHERE p.is_first) AS first_flowrate,
      max(p.last_at) AS last_at, min(p.last_flowrate) FILTER (WHERE p.gap_ms IS NULL) AS last_flowrate,
      sum(p.measured_linear_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
      sum(p.measured_step_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
      sum(p.outage_linear_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
      sum(p.outage_step_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
      (sum(p.covered_ms) + coalesce(sum(p.gap_ms) FILTER (WHERE p.gap_ms <= p.max_gap_ms), 0))::bigint AS covered_ms,
      coalesce(greatest(max(p.longest_gap_ms), max(p.gap_ms)), 0)::bigint AS longest_gap_ms,
      min(p.min_flowrate) AS min_flowrate, max(p.max_flowrate) AS max_flowrate,
      sum(p.flowrate_sum) AS flowrate_sum
    FROM (
      SELECT p.*, row_number() OVER in_time = 1 AS is_first,
        lead(p.first_flowrate, 1, piece_1.first_flowrate) OVER in_time AS next_flowrate,
        round(date_part('epoch', lead(p.first_at, 1, piece_1.first_at) OVER in_time - p.last_at) * 1000) AS gap_ms,
        (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(p.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
      FROM (SELECT sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum FROM ping_summary
      WHERE sensor_id = k.sensor_id AND level = 1 AND start < date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00')
        AND start >= CASE WHEN stored_2.before_last_written_by = stored_2.xmin::text::bigint THEN date_bin(interval '1 day', stored_2.last_at, timestamptz '1970-01-01 00:00:00+00') ELSE date_bin(interval '32 days', k.at, timestamptz '1970-01-01 00:00:00+00') END
      UNION ALL
      SELECT k.sensor_id, '-infinity', stored_2.before_last[1], NULL, NULL, NULL, NULL, stored_2.before_last[2], stored_2.before_last[3], stored_2.before_last[4], stored_2.before_last[5], stored_2.before_last[6], stored_2.before_last[7], stored_2.before_last[8], stored_2.before_last[9], stored_2.before_last[10] WHERE stored_2.before_last_written_by = stored_2.xmin::text::bigint) AS p
      WINDOW in_time AS (ORDER BY p.start)
    ) AS p
    GROUP BY p.sensor_id) AS before),
        '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[]) AS before_last
      OFFSET 0
    ) AS kept_2
    CROSS JOIN LATERAL (
      SELECT (kept_2.before_last[1] + piece_1.ping_count)::bigint AS ping_count, coalesce(stored_2.first_at, piece_1.first_at) AS first_at, coalesce(stored_2.first_flowrate, piece_1.first_flowrate) AS first_flowrate, piece_1.last_at AS last_at, piece_1.last_flowrate AS last_flowrate, kept_2.before_last[2] + piece_1.measured_linear_volume AS measured_linear_volume, kept_2.before_last[3] + piece_1.measured_step_volume AS measured_step_volume, kept_2.before_last[4] + piece_1.outage_linear_volume AS outage_linear_volume, kept_2.before_last[5] + piece_1.outage_step_volume AS outage_step_volume, (kept_2.before_last[6] + piece_1.covered_ms)::bigint AS covered_ms, greatest(kept_2.before_last[7]::bigint, piece_1.longest_gap_ms) AS longest_gap_ms, least(kept_2.before_last[8], piece_1.min_flowrate) AS min_flowrate, greatest(kept_2.before_last[9], piece_1.max_flowrate) AS max_flowrate, kept_2.before_last[10] + piece_1.flowrate_sum AS flowrate_sum
    ) AS piece_2
    LEFT JOIN ping_summary stored_3 ON stored_3.sensor_id = k.sensor_id AND stored_3.level = 3
      AND stored_3.start = timestamptz '0001-01-01T00:00:00Z'
    CROSS JOIN LATERAL (
      SELECT coalesce(
        CASE WHEN stored_3.last_at >= date_bin(interval '32 days', k.at, timestamptz '1970-01-01 00:00:00+00') AND stored_3.before_last_written_by = stored_3.xmin::text::bigint THEN stored_3.before_last END,
        (SELECT ARRAY[before.ping_count, before.measured_linear_volume, before.measured_step_volume, before.outage_linear_volume, before.outage_step_volume, before.covered_ms, before.longest_gap_ms, before.min_flowrate, before.max_flowrate, before.flowrate_sum]::float8[]
          FROM (
    SELECT sum(p.ping_count)::bigint AS ping_count,
      min(p.first_at) AS first_at, min(p.first_flowrate) FILTER (WHERE p.is_first) AS first_flowrate,
      max(p.last_at) AS last_at, min(p.last_flowrate) FILTER (WHERE p.gap_ms IS NULL) AS last_flowrate,
      sum(p.measured_linear_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_linear_volume,
      sum(p.measured_step_volume + CASE WHEN p.gap_ms <= p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS measured_step_volume,
      sum(p.outage_linear_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN (p.last_flowrate + p.next_flowrate) / 2 * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_linear_volume,
      sum(p.outage_step_volume + CASE WHEN p.gap_ms > p.max_gap_ms THEN p.last_flowrate * (p.gap_ms / 86400000.0) ELSE 0 END) AS outage_step_volume,
      (sum(p.covered_ms) + coalesce(sum(p.gap_ms) FILTER (WHERE p.gap_ms <= p.max_gap_ms), 0))::bigint AS covered_ms,
      coalesce(greatest(max(p.longest_gap_ms), max(p.gap_ms)), 0)::bigint AS longest_gap_ms,
      min(p.min_flowrate) AS min_flowrate, max(p.max_flowrate) AS max_flowrate,
      sum(p.flowrate_sum) AS flowrate_sum
    FROM (
      SELECT p.*, row_number() OVER in_time = 1 AS is_first,
        lead(p.first_flowrate, 1, piece_2.first_flowrate) OVER in_time AS next_flowrate,
        round(date_part('epoch', lead(p.first_at, 1, piece_2.first_at) OVER in_time - p.last_at) * 1000) AS gap_ms,
        (CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(p.last_at, s.max_gap_changed_at) + 1], s.max_gap) END) * 1000::float8 AS max_gap_ms
      FROM (SELECT sensor_id, start, ping_count, first_at, first_flowrate, last_at, last_flowrate, measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, min_flowrate, max_flowrate, flowrate_sum FROM ping_summary
      WHERE sensor_id = k.sensor_id AND level = 2 AND start < date_bin(interval '32 days', k.at, timestamptz '1970-01-01 00:00:00+00')
        AND start >= CASE WHEN stored_3.before_last_written_by = stored_3.xmin::text::bigint THEN date_bin(interval '32 days', stored_3.last_at, timestamptz '1970-01-01 00:00:00+00') ELSE '-infinity' END
      UNION ALL
      SELECT k.sensor_id, '-infinity', stored_3.before_last[1], NULL, NULL, NULL, NULL, stored_3.before_last[2], stored_3.before_last[3], stored_3.before_last[4], stored_3.before_last[5], stored_3.before_last[6], stored_3.before_last[7], stored_3.before_last[8], stored_3.before_last[9], stored_3.before_last[10] WHERE stored_3.before_last_written_by = stored_3.xmin::text::bigint) AS p
      WINDOW in_time AS (ORDER BY p.start)
    ) AS p
    GROUP BY p.sensor_id) AS before),
        '{0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0}'::float8[]) AS before_last
      OFFSET 0
    ) AS kept_3
    CROSS JOIN LATERAL (
      SELECT (kept_3.before_last[1] + piece_2.ping_count)::bigint AS ping_count, coalesce(stored_3.first_at, piece_2.first_at) AS first_at, coalesce(stored_3.first_flowrate, piece_2.first_flowrate) AS first_flowrate, piece_2.last_at AS last_at, piece_2.last_flowrate AS last_flowrate, kept_3.before_last[2] + piece_2.measured_linear_volume AS measured_linear_volume, kept_3.before_last[3] + piece_2.measured_step_volume AS measured_step_volume, kept_3.before_last[4] + piece_2.outage_linear_volume AS outage_linear_volume, kept_3.before_last[5] + piece_2.outage_step_volume AS outage_step_volume, (kept_3.before_last[6] + piece_2.covered_ms)::bigint AS covered_ms, greatest(kept_3.before_last[7]::bigint, piece_2.longest_gap_ms) AS longest_gap_ms, least(kept_3.before_last[8], piece_2.min_flowrate) AS min_flowrate, greatest(kept_3.before_last[9], piece_2.max_flowrate) AS max_flowrate, kept_3.before_last[10] + piece_2.flowrate_sum AS flowrate_sum
    ) AS piece_3
    CROSS JOIN LATERAL (
      SELECT 1 AS level, date_bin(interval '1 day', k.at, timestamptz '1970-01-01 00:00:00+00') AS start,
        piece_1.*, kept_1.before_last UNION ALL SELECT 2 AS level, date_bin(interval '32 days', k.at, timestamptz '1970-01-01 00:00:00+00') AS start,
        piece_2.*, kept_2.before_last UNION ALL SELECT 3 AS level, timestamptz '0001-01-01T00:00:00Z' AS start,
        piece_3.*, kept_3.before_last
    ) AS above
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ping_count = EXCLUDED.ping_count, first_at = EXCLUDED.first_at, first_flowrate = EXCLUDED.first_flowrate, last_at = EXCLUDED.last_at, last_flowrate = EXCLUDED.last_flowrate, measured_linear_volume = EXCLUDED.measured_linear_volume, measured_step_volume = EXCLUDED.measured_step_volume, outage_linear_volume = EXCLUDED.outage_linear_volume, outage_step_volume = EXCLUDED.outage_step_volume, covered_ms = EXCLUDED.covered_ms, longest_gap_ms = EXCLUDED.longest_gap_ms, min_flowrate = EXCLUDED.min_flowrate, max_flowrate = EXCLUDED.max_flowrate, flowrate_sum = EXCLUDED.flowrate_sum, before_last = EXCLUDED.before_last, before_last_written_by = EXCLUDED.before_last_written_by;
  END IF;
  IF EXISTS (SELECT 1 FROM webhook_endpoint) THEN
    WITH 
    sensor AS MATERIALIZED (
      SELECT s.id, s.account_id, s.name FROM flow_sensor s
      WHERE s.id = ANY(own_sensor_ids) AND EXISTS (SELECT 1 FROM webhook_endpoint)
    ),
    target AS MATERIALIZED (
      SELECT e.id AS endpoint_id, e.event_types, s.id AS sensor_id, s.name AS sensor_name
      FROM sensor s JOIN webhook_endpoint e ON e.account_id = s.account_id
      WHERE (e.enabled OR e.disabled_reason IS NOT NULL) AND (e.sensor_ids = '{}' OR s.id = ANY (e.sensor_ids))
    )
    
  INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name, ping_id, datetime,
    flowrate, previous_flowrate, quality, traceparent)
  SELECT t.endpoint_id, 'epoch', p.event_type, t.sensor_id, t.sensor_name, p.id, p.datetime, p.flowrate,
    p.previous_flowrate, p.quality, p.traceparent
    FROM (
      SELECT p.*, CASE WHEN previous_flowrate IS NULL THEN 'ping_received' ELSE 'ping_corrected' END AS event_type
      FROM unnest(ping_sensor_ids, ARRAY(SELECT ids[rank] FROM unnest(ping_ranks) WITH ORDINALITY AS k (rank, place) ORDER BY place), ping_instants, ping_flowrates, '{}'::float8[], '{}'::smallint[],
        traceparents) AS p (sensor_id, id, datetime, flowrate, previous_flowrate, quality, traceparent)
    ) AS p
    JOIN target t ON t.sensor_id = p.sensor_id AND p.event_type = ANY (t.event_types)
    WHERE EXISTS (SELECT 1 FROM target)
    ORDER BY p.id;
  END IF;
  ping_ids := array_to_string(ids, ',');
END;
$$;
