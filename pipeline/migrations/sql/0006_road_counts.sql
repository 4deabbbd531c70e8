-- What a monitor reads of the road without signing in: counts and ages by lane, level, state and reason code.
-- No id, no text, no place, no source and no user can be told from them.

SET LOCAL search_path = seinpost, public;

CREATE INDEX signals_queued ON signals (queued_at);

CREATE FUNCTION queue_counts(at timestamptz)
    RETURNS TABLE (lane text, level text, state text, signals bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT s.lane, s.level, s.state, count(*), min(s.queued_at) FROM signals s
     WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed') AND s.queued_at <= at
     GROUP BY s.lane, s.level, s.state $$;

-- From a post being seen to its signal standing in the queue. A later version of the post carries a later moment of
-- being seen than the queue's; it says nothing about the way here and is left out.
CREATE FUNCTION queue_latency(since timestamptz, at timestamptz)
    RETURNS TABLE (signals bigint, median double precision, p95 double precision, p99 double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.95) WITHIN GROUP (ORDER BY took),
           percentile_cont(0.99) WITHIN GROUP (ORDER BY took)
      FROM (SELECT extract(epoch FROM s.queued_at - s.seen_at)::double precision AS took FROM signals s
             WHERE s.queued_at > since AND s.queued_at <= at AND s.seen_at <= s.queued_at) AS fresh $$;

CREATE FUNCTION dead_letter_counts(since timestamptz)
    RETURNS TABLE (reason text, parked bigint, fresh bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT reason, sum(parked)::bigint, sum(fresh)::bigint
      FROM (SELECT d.reason, count(*) AS parked, 0 AS fresh FROM dead_letters d WHERE d.state = 'parked' GROUP BY d.reason
            UNION ALL
            SELECT d.reason, 0, count(*) FROM dead_letters d WHERE d.happened_at > since GROUP BY d.reason) AS both_counts
     GROUP BY reason $$;

-- What waits to be told: decisions for other systems, and notices whose time has come.
CREATE FUNCTION backlog_counts(at timestamptz, OUT outbox bigint, OUT outbox_oldest timestamptz, OUT notices bigint,
                               OUT notices_oldest timestamptz, OUT last_analysis timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL),
           (SELECT min(created_at) FROM outbox WHERE published_at IS NULL),
           (SELECT count(*) FROM notices WHERE state = 'waiting' AND next_try_at <= at),
           (SELECT min(next_try_at) FROM notices WHERE state = 'waiting' AND next_try_at <= at),
           (SELECT max(analysed_at) FROM analyses) $$;

REVOKE EXECUTE ON FUNCTION queue_counts(timestamptz), queue_latency(timestamptz, timestamptz),
    dead_letter_counts(timestamptz), backlog_counts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queue_counts(timestamptz), queue_latency(timestamptz, timestamptz),
    dead_letter_counts(timestamptz), backlog_counts(timestamptz) TO seinpost_web;
