-- What is usual for a source, so that its silence is seen: numbers by hour of the week, no post and no text.

SET LOCAL search_path = seinpost, public;

ALTER TABLE source_health
    ADD COLUMN reported_at      timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN silent_from      timestamptz,     -- from then on silence is an alarm, also when no collector lives to say so
    ADD COLUMN expected_per_day real;            -- a week's expectation over seven; null until enough was learned

-- The rhythm of one channel is the rhythm of one person: only collectors read it, and it goes with its order.
CREATE TABLE source_rhythms (
    collector     text NOT NULL,
    order_id      uuid NOT NULL REFERENCES orders,
    seed          integer NOT NULL,
    counts        double precision[] NOT NULL CHECK (cardinality(counts) = 168),
    hours         double precision[] NOT NULL CHECK (cardinality(hours) = 168),
    squares       double precision NOT NULL,
    means         double precision NOT NULL,
    open_count    bigint NOT NULL,
    open_mean     double precision NOT NULL,
    learned_until timestamptz,
    recent        integer[] NOT NULL CHECK (cardinality(recent) = 24),
    recent_hour   bigint NOT NULL,
    PRIMARY KEY (collector, order_id, seed)
);

ALTER TABLE source_rhythms ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_rhythms FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON source_rhythms TO seinpost_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON source_rhythms TO seinpost_road, seinpost_collect;
CREATE POLICY road ON source_rhythms TO seinpost_road USING (true) WITH CHECK (true);
CREATE POLICY collect ON source_rhythms TO seinpost_collect USING (true) WITH CHECK (true);
GRANT SELECT (collector, order_id, seed), DELETE ON source_rhythms TO seinpost_retention;
CREATE POLICY retention ON source_rhythms TO seinpost_retention USING (true);
GRANT SELECT (id, state, ends_at) ON orders TO seinpost_retention;
CREATE POLICY retention ON orders FOR SELECT TO seinpost_retention USING (true);

-- A monitor reads these counts without signing in; no order and no seed can be told from them.
CREATE FUNCTION source_counts(at timestamptz) RETURNS TABLE (collector text, state text, sources bigint, silent bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT h.collector, h.state, count(*), count(*) FILTER (WHERE h.silent_from <= at AND h.state <> 'stopped_by_order')
      FROM source_health h JOIN orders o ON o.id = h.order_id
     WHERE o.state = 'in_force' AND o.starts_at <= at AND at < o.ends_at
     GROUP BY h.collector, h.state $$;
GRANT EXECUTE ON FUNCTION source_counts(timestamptz) TO seinpost_web;
