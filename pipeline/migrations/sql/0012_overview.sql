-- Numbers over time: how many signals came on a day, by level, category and how they ended. No place, source or reader.

SET LOCAL search_path = seinpost, public;

-- One row for all signals of a day that are alike in these three: a question about a year reads some thousands of rows,
-- however many signals there are. Days of the team's own time zone; never today.
CREATE TABLE signal_days (
    day      date NOT NULL,
    level    text NOT NULL,
    category text NOT NULL,
    outcome  text NOT NULL CHECK (outcome IN ('open', 'confirmed', 'rejected', 'expired')),
    signals  integer NOT NULL CHECK (signals > 0),
    PRIMARY KEY (day, level, category, outcome)
);
CREATE TABLE signal_days_counted (               -- changes up to this moment are in the days
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at  timestamptz NOT NULL
);
-- What is told to who reads no signals: whole weeks, written down once and never changed, so that no two answers can be
-- taken from each other. No number under ten can stand here. An empty label: this week is not told in this way.
CREATE TABLE told_weeks (
    week    date NOT NULL CHECK (extract(isodow FROM week) = 1),
    told_by text NOT NULL CHECK (told_by IN ('level', 'category', 'outcome')),
    label   text NOT NULL,
    signals integer CHECK (signals >= 10),       -- null: fewer than ten, and more than none
    PRIMARY KEY (week, told_by, label),
    CHECK (label <> '' OR signals IS NULL)
);

-- Count the days anew on which a signal changed, and those that ended, since the last time; tell the weeks that may be told.
CREATE FUNCTION count_signal_days(moment timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE
    today date := (moment AT TIME ZONE 'Europe/Amsterdam')::date;
    since timestamptz;
    days  date[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('seinpost.signal_days'));
    -- An hour back, for what was being written while the last count was made.
    SELECT coalesce((SELECT c.at - interval '1 hour' FROM signal_days_counted c), '-infinity') INTO since;
    SELECT coalesce(array_agg(DISTINCT d.day), '{}') INTO days
      FROM (SELECT (s.queued_at AT TIME ZONE 'Europe/Amsterdam')::date AS day FROM signals s WHERE s.changed_at >= since
            UNION ALL
            SELECT (s.queued_at AT TIME ZONE 'Europe/Amsterdam')::date FROM signals s
             WHERE s.queued_at >= ((since AT TIME ZONE 'Europe/Amsterdam')::date::timestamp AT TIME ZONE 'Europe/Amsterdam')) AS d
     WHERE d.day < today;
    DELETE FROM signal_days WHERE day = ANY (days);
    -- A golden card is invented: it is no signal and counts nowhere.
    INSERT INTO signal_days (day, level, category, outcome, signals)
    SELECT d.day, s.level, s.category,
           CASE WHEN s.state IN ('rejected', 'expired') THEN s.state
                WHEN s.state IN ('confirmed', 'referred', 'closed') THEN 'confirmed' ELSE 'open' END, count(*)
      FROM unnest(days) AS d (day)
      JOIN signals s ON s.queued_at >= (d.day::timestamp AT TIME ZONE 'Europe/Amsterdam')
                    AND s.queued_at < ((d.day + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam')
     WHERE NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)
     GROUP BY 1, 2, 3, 4;
    INSERT INTO signal_days_counted (at) VALUES (moment) ON CONFLICT (one) DO UPDATE SET at = excluded.at;
    PERFORM tell_weeks(today);
    RETURN cardinality(days);
END $$;

-- A week is told when it has been over for a week: by then what nobody read has expired. Whole, where no number of any of
-- the three ways to count is under ten. Else only by how the signals ended, with 'fewer than ten' for such a number: a
-- second way to count, or a total, would let who subtracts find the hidden ones.
CREATE FUNCTION tell_weeks(today date) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = seinpost AS $$
    WITH numbers AS (
        SELECT d.week,
               CASE WHEN d.level IS NOT NULL THEN 'level' WHEN d.category IS NOT NULL THEN 'category' ELSE 'outcome' END AS told_by,
               coalesce(d.level, d.category, d.outcome) AS label, d.signals
          FROM (SELECT date_trunc('week', day)::date AS week, level, category, outcome, sum(signals)::integer AS signals
                  FROM signal_days
                 WHERE day < date_trunc('week', today - 7)::date
                   AND day >= coalesce((SELECT max(week) + 7 FROM told_weeks), '-infinity')
                 GROUP BY GROUPING SETS ((1, level), (1, category), (1, outcome))) AS d),
         whole AS (SELECT week FROM numbers GROUP BY week HAVING min(signals) >= 10)
    INSERT INTO told_weeks (week, told_by, label, signals)
    SELECT n.week, n.told_by, n.label, CASE WHEN n.signals >= 10 THEN n.signals END FROM numbers n
     WHERE n.told_by = 'outcome' OR n.week IN (SELECT week FROM whole)
    UNION ALL
    SELECT DISTINCT n.week, n.told_by, '', NULL::integer FROM numbers n
     WHERE n.told_by <> 'outcome' AND n.week NOT IN (SELECT week FROM whole) $$;

-- Exact numbers are for experts; not for one who is attached to a school, who would learn that a day had more signals
-- than that expert may see.
CREATE FUNCTION counts_exactly() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT has_role('expert') AND NOT EXISTS (
        SELECT 1 FROM user_roles r WHERE r.user_id = acting_user() AND r.scope_kind = 'school') $$;

CREATE FUNCTION signal_numbers(since date, weekly boolean, told text, OUT period date, OUT label text, OUT signals bigint)
    RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF told NOT IN ('level', 'category', 'outcome') THEN
        RAISE EXCEPTION 'signals are counted by level, category or outcome' USING ERRCODE = '22023';
    END IF;
    IF counts_exactly() THEN
        RETURN QUERY SELECT CASE WHEN weekly THEN date_trunc('week', d.day)::date ELSE d.day END,
                            CASE told WHEN 'level' THEN d.level WHEN 'category' THEN d.category ELSE d.outcome END,
                            sum(d.signals)::bigint
                       FROM signal_days d WHERE d.day >= since GROUP BY 1, 2;
    ELSIF sees_quality() THEN
        RETURN QUERY SELECT w.week, w.label, w.signals::bigint FROM told_weeks w WHERE w.week >= since AND w.told_by = told;
    END IF;
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['signal_days', 'signal_days_counted', 'told_weeks'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true)', t);
    END LOOP;
END $$;
GRANT SELECT (day), DELETE ON signal_days TO seinpost_retention;
GRANT SELECT (week), DELETE ON told_weeks TO seinpost_retention;
REVOKE EXECUTE ON FUNCTION count_signal_days(timestamptz), tell_weeks(date), counts_exactly(),
    signal_numbers(date, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_signal_days(timestamptz) TO seinpost_retention;
GRANT EXECUTE ON FUNCTION counts_exactly(), signal_numbers(date, boolean, text) TO seinpost_expert, seinpost_supervisor;
