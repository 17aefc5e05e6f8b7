-- Summaries keep the volume of outages (segments longer than the sensor's max_gap) apart from the measured volume.
-- The columns are renamed, so that a server of an earlier version fails rather than writing sums of another meaning.
ALTER TABLE "ping_summary" RENAME COLUMN "linear_volume" TO "measured_linear_volume";
ALTER TABLE "ping_summary" RENAME COLUMN "step_volume" TO "measured_step_volume";
ALTER TABLE "ping_summary" ADD COLUMN "outage_linear_volume" DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE "ping_summary" ADD COLUMN "outage_step_volume" DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE "ping_summary" ALTER COLUMN "outage_linear_volume" DROP DEFAULT;
ALTER TABLE "ping_summary" ALTER COLUMN "outage_step_volume" DROP DEFAULT;

-- What there is holds both in one sum. Only summaries of an outage change: hours from their pings, then days, blocks
-- of 32 days and the summary of all pings from the level below.
UPDATE "ping_summary" t SET
  "measured_linear_volume" = m."measured_linear", "measured_step_volume" = m."measured_step",
  "outage_linear_volume" = m."outage_linear", "outage_step_volume" = m."outage_step"
FROM (
  SELECT "sensor_id", "start",
    coalesce(sum("linear") FILTER (WHERE "gap_ms" <= "max_gap_ms"), 0) AS "measured_linear",
    coalesce(sum("step") FILTER (WHERE "gap_ms" <= "max_gap_ms"), 0) AS "measured_step",
    coalesce(sum("linear") FILTER (WHERE "gap_ms" > "max_gap_ms"), 0) AS "outage_linear",
    coalesce(sum("step") FILTER (WHERE "gap_ms" > "max_gap_ms"), 0) AS "outage_step"
  FROM (
    SELECT *, ("flowrate" + "next_flowrate") / 2 * ("gap_ms" / 86400000.0) AS "linear",
      "flowrate" * ("gap_ms" / 86400000.0) AS "step"
    FROM (
      SELECT h."sensor_id", h."start", s."max_gap" * 1000::float8 AS "max_gap_ms", p."flowrate",
        lead(p."flowrate") OVER in_time AS "next_flowrate",
        round(date_part('epoch', lead(p."datetime") OVER in_time - p."datetime") * 1000) AS "gap_ms"
      FROM "flow_sensor" s
      JOIN "ping_summary" h ON h."sensor_id" = s."id" AND h."level" = 0 AND h."longest_gap_ms" > s."max_gap" * 1000::bigint
      JOIN "ping" p ON p."sensor_id" = h."sensor_id" AND p."datetime" >= h."start" AND p."datetime" < h."start" + interval '1 hour'
      WINDOW in_time AS (PARTITION BY h."sensor_id", h."start" ORDER BY p."datetime")
    ) AS segment
  ) AS volume
  GROUP BY "sensor_id", "start"
) AS m
WHERE t."sensor_id" = m."sensor_id" AND t."level" = 0 AND t."start" = m."start";

UPDATE "ping_summary" t SET
  "measured_linear_volume" = m."measured_linear", "measured_step_volume" = m."measured_step",
  "outage_linear_volume" = m."outage_linear", "outage_step_volume" = m."outage_step"
FROM (
  SELECT "sensor_id", "start",
    sum("measured_linear_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "linear" ELSE 0 END) AS "measured_linear",
    sum("measured_step_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "step" ELSE 0 END) AS "measured_step",
    sum("outage_linear_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "linear" ELSE 0 END) AS "outage_linear",
    sum("outage_step_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "step" ELSE 0 END) AS "outage_step"
  FROM (
    SELECT *, ("last_flowrate" + "next_flowrate") / 2 * ("gap_ms" / 86400000.0) AS "linear",
      "last_flowrate" * ("gap_ms" / 86400000.0) AS "step"
    FROM (
      SELECT d."sensor_id", d."start", s."max_gap" * 1000::float8 AS "max_gap_ms", c."last_flowrate",
        c."measured_linear_volume", c."measured_step_volume", c."outage_linear_volume", c."outage_step_volume",
        lead(c."first_flowrate") OVER in_time AS "next_flowrate",
        round(date_part('epoch', lead(c."first_at") OVER in_time - c."last_at") * 1000) AS "gap_ms"
      FROM "flow_sensor" s
      JOIN "ping_summary" d ON d."sensor_id" = s."id" AND d."level" = 1 AND d."longest_gap_ms" > s."max_gap" * 1000::bigint
      JOIN "ping_summary" c ON c."sensor_id" = d."sensor_id" AND c."level" = 0
        AND c."start" >= d."start" AND c."start" < d."start" + interval '1 day'
      WINDOW in_time AS (PARTITION BY d."sensor_id", d."start" ORDER BY c."start")
    ) AS segment
  ) AS volume
  GROUP BY "sensor_id", "start"
) AS m
WHERE t."sensor_id" = m."sensor_id" AND t."level" = 1 AND t."start" = m."start";

UPDATE "ping_summary" t SET
  "measured_linear_volume" = m."measured_linear", "measured_step_volume" = m."measured_step",
  "outage_linear_volume" = m."outage_linear", "outage_step_volume" = m."outage_step"
FROM (
  SELECT "sensor_id", "start",
    sum("measured_linear_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "linear" ELSE 0 END) AS "measured_linear",
    sum("measured_step_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "step" ELSE 0 END) AS "measured_step",
    sum("outage_linear_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "linear" ELSE 0 END) AS "outage_linear",
    sum("outage_step_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "step" ELSE 0 END) AS "outage_step"
  FROM (
    SELECT *, ("last_flowrate" + "next_flowrate") / 2 * ("gap_ms" / 86400000.0) AS "linear",
      "last_flowrate" * ("gap_ms" / 86400000.0) AS "step"
    FROM (
      SELECT d."sensor_id", d."start", s."max_gap" * 1000::float8 AS "max_gap_ms", c."last_flowrate",
        c."measured_linear_volume", c."measured_step_volume", c."outage_linear_volume", c."outage_step_volume",
        lead(c."first_flowrate") OVER in_time AS "next_flowrate",
        round(date_part('epoch', lead(c."first_at") OVER in_time - c."last_at") * 1000) AS "gap_ms"
      FROM "flow_sensor" s
      JOIN "ping_summary" d ON d."sensor_id" = s."id" AND d."level" = 2 AND d."longest_gap_ms" > s."max_gap" * 1000::bigint
      JOIN "ping_summary" c ON c."sensor_id" = d."sensor_id" AND c."level" = 1
        AND c."start" >= d."start" AND c."start" < d."start" + interval '32 days'
      WINDOW in_time AS (PARTITION BY d."sensor_id", d."start" ORDER BY c."start")
    ) AS segment
  ) AS volume
  GROUP BY "sensor_id", "start"
) AS m
WHERE t."sensor_id" = m."sensor_id" AND t."level" = 2 AND t."start" = m."start";

UPDATE "ping_summary" t SET
  "measured_linear_volume" = m."measured_linear", "measured_step_volume" = m."measured_step",
  "outage_linear_volume" = m."outage_linear", "outage_step_volume" = m."outage_step"
FROM (
  SELECT "sensor_id", "start",
    sum("measured_linear_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "linear" ELSE 0 END) AS "measured_linear",
    sum("measured_step_volume" + CASE WHEN "gap_ms" <= "max_gap_ms" THEN "step" ELSE 0 END) AS "measured_step",
    sum("outage_linear_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "linear" ELSE 0 END) AS "outage_linear",
    sum("outage_step_volume" + CASE WHEN "gap_ms" > "max_gap_ms" THEN "step" ELSE 0 END) AS "outage_step"
  FROM (
    SELECT *, ("last_flowrate" + "next_flowrate") / 2 * ("gap_ms" / 86400000.0) AS "linear",
      "last_flowrate" * ("gap_ms" / 86400000.0) AS "step"
    FROM (
      SELECT d."sensor_id", d."start", s."max_gap" * 1000::float8 AS "max_gap_ms", c."last_flowrate",
        c."measured_linear_volume", c."measured_step_volume", c."outage_linear_volume", c."outage_step_volume",
        lead(c."first_flowrate") OVER in_time AS "next_flowrate",
        round(date_part('epoch', lead(c."first_at") OVER in_time - c."last_at") * 1000) AS "gap_ms"
      FROM "flow_sensor" s
      JOIN "ping_summary" d ON d."sensor_id" = s."id" AND d."level" = 3 AND d."longest_gap_ms" > s."max_gap" * 1000::bigint
      JOIN "ping_summary" c ON c."sensor_id" = d."sensor_id" AND c."level" = 2
      WINDOW in_time AS (PARTITION BY d."sensor_id", d."start" ORDER BY c."start")
    ) AS segment
  ) AS volume
  GROUP BY "sensor_id", "start"
) AS m
WHERE t."sensor_id" = m."sensor_id" AND t."level" = 3 AND t."start" = m."start";
