-- Quality built in: second readings of rejections, how long signals wait for the first pair of eyes, how alike blind
-- readers judge, and a blind sample of posts that were not flagged. About the team's work: no row names a reader.

SET LOCAL search_path = seinpost, public;

-- ---------------------------------------------------------------------------------------------------------------------
-- Second readings of rejections. The signal then waits for its second reader like any other: the reader cannot tell.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE second_readings (
    signal_id   uuid PRIMARY KEY REFERENCES signals,
    why         text NOT NULL CHECK (why IN ('near_threshold', 'against_machine', 'random')),
    by_chance   boolean NOT NULL,                -- whether chance alone drew it: only these stand for all rejections
    rejected_at timestamptz NOT NULL,            -- the text goes 24 hours after this, read again or not
    drawn_at    timestamptz NOT NULL,
    outcome     text CHECK (outcome IN ('agreed', 'disagreed', 'lapsed')),
    ended_at    timestamptz,
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX second_readings_open ON second_readings (rejected_at) WHERE outcome IS NULL;
CREATE INDEX second_readings_drawn ON second_readings (drawn_at);
CREATE INDEX signals_rejected ON signals (changed_at) WHERE state = 'rejected';
CREATE INDEX assessments_second ON assessments (created_at) WHERE reading = 2;

-- How it ended follows from where the signal went; taken back, it is open again. What lapsed says so itself.
CREATE FUNCTION second_reading_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NEW.state = 'waiting_second' THEN
        UPDATE second_readings SET outcome = NULL, ended_at = NULL WHERE signal_id = NEW.id AND outcome IS NOT NULL;
    ELSIF OLD.state = 'waiting_second' THEN
        UPDATE second_readings
           SET outcome = CASE NEW.state WHEN 'rejected' THEN 'agreed' WHEN 'casusoverleg' THEN 'disagreed' ELSE 'lapsed' END,
               ended_at = NEW.changed_at
         WHERE signal_id = NEW.id AND outcome IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER signals_second_reading AFTER UPDATE OF state ON signals
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION second_reading_ends();

-- ---------------------------------------------------------------------------------------------------------------------
-- First eyes: when a signal that nobody had read was first taken by somebody. Not by whom.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE first_eyes (
    signal_id uuid PRIMARY KEY REFERENCES signals,
    level     text NOT NULL,                     -- as it was then
    queued_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX first_eyes_queued ON first_eyes (queued_at);

CREATE FUNCTION note_first_eyes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    INSERT INTO first_eyes (signal_id, level, queued_at, opened_at)
    SELECT s.id, s.level, s.queued_at, NEW.claimed_at FROM signals s WHERE s.id = NEW.signal_id AND s.state = 'new'
       AND NOT is_golden(s.id)
    ON CONFLICT (signal_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER claims_first_eyes AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION note_first_eyes();

-- ---------------------------------------------------------------------------------------------------------------------
-- A blind sample of posts that were not flagged: at most 20 a day, the text until it is read and at most 7 days.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE unflagged_sample (
    event_id uuid PRIMARY KEY,
    post_id  uuid NOT NULL,
    day      date NOT NULL,
    text     text NOT NULL,                      -- masked; no link, no names, no place, no order
    taken_at timestamptz NOT NULL
);
CREATE INDEX unflagged_sample_post ON unflagged_sample (post_id);
CREATE INDEX unflagged_sample_age ON unflagged_sample (taken_at);

CREATE TABLE unflagged_days (                    -- what stays: counts
    day        date PRIMARY KEY,                 -- in UTC, like the analyses of that day
    taken      integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND 20),
    read       integer NOT NULL DEFAULT 0,
    actionable integer NOT NULL DEFAULT 0 CHECK (actionable <= read),
    lapsed     integer NOT NULL DEFAULT 0,
    unflagged  bigint,                           -- all versions of posts that were not flagged; known once the day is over
    CHECK (read + lapsed <= taken)
);

-- A reader says it once; the text goes with the answer. False: somebody was quicker, or it is gone.
CREATE FUNCTION unflagged_read(event uuid, acts boolean, moment timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE of_day date;
BEGIN
    IF NOT has_role('expert') THEN RAISE EXCEPTION 'only an expert reads' USING ERRCODE = '42501'; END IF;
    DELETE FROM unflagged_sample WHERE event_id = event RETURNING day INTO of_day;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE unflagged_days SET read = read + 1, actionable = actionable + acts::int WHERE day = of_day;
    PERFORM trail_append('sample_read', 'sample', event::text, '{}', moment);
    RETURN true;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Golden cards: invented posts with a known answer, unannounced in the queue. They look like any card and leave nothing
-- behind but two counts a month; nothing of them is ever told, sent or counted as a signal.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE golden_items (                      -- which of the shipped ones was placed when
    item      text PRIMARY KEY,
    placed_at timestamptz NOT NULL
);

CREATE TABLE golden_cards (
    signal_id uuid PRIMARY KEY,                  -- outlives the signal's rows until its reader was told
    item      text NOT NULL,
    verdict   text NOT NULL CHECK (verdict IN ('confirm', 'reject')),
    note      text NOT NULL,                     -- why, for the reader, afterwards
    placed_at timestamptz NOT NULL,
    judged_at timestamptz,
    given     text,                              -- what the reader made of it, until that reader was told
    reader    uuid REFERENCES users,             -- who must be told; nobody any more once it was
    CHECK (reader IS NULL OR judged_at IS NOT NULL)
);
CREATE INDEX golden_cards_untold ON golden_cards (reader) WHERE reader IS NOT NULL;

CREATE TABLE golden_answers (                    -- by month alone: not by card, and not by reader
    month   date PRIMARY KEY,
    answers integer NOT NULL DEFAULT 0,
    agreed  integer NOT NULL DEFAULT 0,
    CHECK (agreed <= answers)
);

CREATE FUNCTION is_golden(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = signal) $$;

-- One reading ends it, whatever that reading would have made of a signal: it never waits for anybody else.
CREATE FUNCTION golden_is_judged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE made text;
BEGIN
    IF NOT is_golden(NEW.id) OR NEW.state IN ('new', 'expired') THEN RETURN NEW; END IF;
    SELECT a.verdict INTO made FROM assessments a
     WHERE a.signal_id = NEW.id AND a.user_id = acting_user() ORDER BY a.created_at DESC LIMIT 1;
    IF made IS NULL THEN RETURN NEW; END IF;     -- the team is asked first
    UPDATE golden_cards SET judged_at = NEW.changed_at, given = made, reader = acting_user()
     WHERE signal_id = NEW.id AND judged_at IS NULL;
    IF FOUND THEN
        INSERT INTO golden_answers AS g (month, answers, agreed)
        SELECT date_trunc('month', NEW.changed_at AT TIME ZONE 'Europe/Amsterdam')::date, 1, (c.verdict = made)::int
          FROM golden_cards c WHERE c.signal_id = NEW.id
        ON CONFLICT (month) DO UPDATE SET answers = g.answers + 1, agreed = g.agreed + excluded.agreed;
    END IF;
    NEW.state := 'expired';
    RETURN NEW;
END $$;
CREATE TRIGGER signals_golden BEFORE UPDATE OF state ON signals
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION golden_is_judged();

CREATE FUNCTION golden_is_never_sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF is_golden(NEW.signal_id) THEN
        RAISE EXCEPTION 'an invented signal is sent to nobody' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_not_golden BEFORE INSERT OR UPDATE ON referrals
    FOR EACH ROW EXECUTE FUNCTION golden_is_never_sent();

CREATE FUNCTION golden_is_never_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id::text = NEW.key) THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outbox_not_golden BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION golden_is_never_told();

-- What the acting reader has not been told yet; once told, nothing says who it was.
CREATE FUNCTION golden_untold() RETURNS TABLE (note text, verdict text, given text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT g.note, g.verdict, g.given FROM golden_cards g WHERE g.reader = acting_user() AND has_role('expert')
     ORDER BY g.judged_at LIMIT 5 $$;

CREATE FUNCTION golden_told() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = seinpost AS $$
    UPDATE golden_cards SET reader = NULL WHERE reader = acting_user() AND has_role('expert') $$;

CREATE FUNCTION golden_clear(judged_before timestamptz, placed_before timestamptz) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
-- Cards that were judged long enough ago, or that nobody took: no row of a signal is left of them. The tables that refer to
-- a signal are found in the database itself; rows to which others refer go after those.
DECLARE
    gone   uuid[];
    linked record;
    again  boolean := true;
    passes integer := 0;
BEGIN
    SELECT coalesce(array_agg(s.id), '{}') INTO gone FROM golden_cards g JOIN signals s ON s.id = g.signal_id
     WHERE g.judged_at <= judged_before OR g.placed_at <= placed_before;
    WHILE again AND cardinality(gone) > 0 AND passes < 5 LOOP
        again := false;
        passes := passes + 1;
        FOR linked IN SELECT c.conrelid::regclass AS name, a.attname AS col
                        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                       WHERE c.contype = 'f' AND c.confrelid = 'seinpost.signals'::regclass
                         AND c.conrelid <> 'seinpost.signals'::regclass ORDER BY c.conrelid LOOP
            BEGIN
                EXECUTE format('DELETE FROM %s WHERE %I = ANY($1)', linked.name, linked.col) USING gone;
            EXCEPTION WHEN foreign_key_violation THEN again := true;
            END;
        END LOOP;
    END LOOP;
    DELETE FROM signals WHERE id = ANY(gone);
    DELETE FROM golden_cards g WHERE (g.reader IS NULL OR g.judged_at <= placed_before)
       AND NOT EXISTS (SELECT 1 FROM signals s WHERE s.id = g.signal_id);
    RETURN cardinality(gone);
END $$;

-- A monitor counts signals, not cards.
CREATE OR REPLACE FUNCTION queue_counts(at timestamptz)
    RETURNS TABLE (lane text, level text, state text, signals bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT s.lane, s.level, s.state, count(*), min(s.queued_at) FROM signals s
     WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed') AND s.queued_at <= at
       AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)
     GROUP BY s.lane, s.level, s.state $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- What the quality page asks: counts and times that name no reader and no signal, for who reads, decides or supervises.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION sees_quality() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM user_roles r JOIN users u ON u.id = r.user_id
                    WHERE r.user_id = acting_user() AND u.disabled_at IS NULL AND r.role <> 'recipient') $$;

CREATE FUNCTION reading_pairs(since timestamptz)
    RETURNS TABLE (month date, first_verdict text, second_verdict text, first_category text, second_category text,
                   first_level text, second_level text, pairs bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT date_trunc('month', b.created_at AT TIME ZONE 'Europe/Amsterdam')::date, a.verdict, b.verdict, a.category,
           b.category, a.level, b.level, count(*)
      FROM assessments b JOIN assessments a ON a.signal_id = b.signal_id AND a.reading = 1 AND a.lapsed_at IS NULL
     WHERE b.reading = 2 AND b.lapsed_at IS NULL AND b.created_at > since AND sees_quality()
     GROUP BY 1, 2, 3, 4, 5, 6, 7 $$;

CREATE FUNCTION second_reading_counts(since timestamptz) RETURNS TABLE (by_chance boolean, outcome text, readings bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT s.by_chance, coalesce(s.outcome, 'waiting'), count(*) FROM second_readings s
     WHERE s.drawn_at > since AND sees_quality() GROUP BY 1, 2 $$;

-- What was never opened waits still, or stopped waiting when it expired.
CREATE FUNCTION waits_for_eyes(since timestamptz, at timestamptz, most integer)
    RETURNS TABLE (level text, queued_at timestamptz, opened_at timestamptz, until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT w.* FROM (
        SELECT e.level, e.queued_at, e.opened_at, e.opened_at AS until FROM first_eyes e
         WHERE e.queued_at > since AND e.opened_at >= e.queued_at
        UNION ALL
        SELECT s.level, s.queued_at, NULL, CASE s.state WHEN 'new' THEN at ELSE s.changed_at END FROM signals s
         WHERE s.queued_at > since AND s.queued_at <= at AND s.state IN ('new', 'expired')
           AND NOT EXISTS (SELECT 1 FROM first_eyes e WHERE e.signal_id = s.id)
           AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)) w
     WHERE sees_quality() ORDER BY w.queued_at DESC LIMIT least(most, 20000) $$;

CREATE FUNCTION sampled_days(since date)
    RETURNS TABLE (day date, taken integer, read integer, actionable integer, lapsed integer, unflagged bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT d.day, d.taken, d.read, d.actionable, d.lapsed, d.unflagged FROM unflagged_days d
     WHERE d.day > since AND sees_quality() ORDER BY d.day $$;

-- Posts that were flagged and that two readers confirmed; a tip is nothing that the machine found.
CREATE FUNCTION posts_confirmed(since timestamptz, until timestamptz) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT coalesce(sum(greatest(s.sightings, 1)), 0)::bigint FROM signals s
     WHERE s.queued_at > since AND s.queued_at <= until AND s.state IN ('confirmed', 'referred', 'closed')
       AND s.source NOT IN ('tip', 'observation') AND sees_quality() $$;

CREATE FUNCTION golden_counts(since date) RETURNS TABLE (answers bigint, agreed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT coalesce(sum(g.answers), 0)::bigint, coalesce(sum(g.agreed), 0)::bigint FROM golden_answers g
     WHERE g.month >= since AND sees_quality() $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security and grants.
-- ---------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['second_readings', 'first_eyes', 'unflagged_sample', 'unflagged_days', 'golden_items', 'golden_cards',
                             'golden_answers'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['second_readings', 'unflagged_sample', 'unflagged_days', 'golden_items', 'golden_cards'] LOOP
        EXECUTE format('CREATE POLICY road ON seinpost.%I TO seinpost_road USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON second_readings TO seinpost_road;
GRANT SELECT (event_id, post_id, day, taken_at), INSERT, DELETE ON unflagged_sample TO seinpost_road;
GRANT SELECT, INSERT, UPDATE ON unflagged_days TO seinpost_road;
GRANT SELECT, INSERT, UPDATE ON golden_items TO seinpost_road;
GRANT SELECT (signal_id, placed_at, judged_at), INSERT ON golden_cards TO seinpost_road;
GRANT SELECT, UPDATE (outcome, ended_at) ON second_readings TO seinpost_retention;
GRANT SELECT, DELETE ON first_eyes TO seinpost_retention;
GRANT SELECT (event_id, day, taken_at), DELETE ON unflagged_sample TO seinpost_retention;
GRANT SELECT, UPDATE (lapsed) ON unflagged_days TO seinpost_retention;
-- Experts read the text of the sample, one at a time; they cannot tell what drew it or what the machine made of it.
GRANT SELECT (event_id, text, taken_at) ON unflagged_sample TO seinpost_expert;
CREATE POLICY expert ON unflagged_sample FOR SELECT TO seinpost_expert USING (has_role('expert'));

REVOKE EXECUTE ON FUNCTION second_reading_ends(), note_first_eyes(), unflagged_read(uuid, boolean, timestamptz),
    sees_quality(), reading_pairs(timestamptz), second_reading_counts(timestamptz),
    waits_for_eyes(timestamptz, timestamptz, integer), sampled_days(date), posts_confirmed(timestamptz, timestamptz),
    is_golden(uuid), golden_is_judged(), golden_is_never_sent(), golden_is_never_told(), golden_untold(), golden_told(),
    golden_clear(timestamptz, timestamptz), golden_counts(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION golden_untold(), golden_told() TO seinpost_expert;
GRANT EXECUTE ON FUNCTION golden_clear(timestamptz, timestamptz) TO seinpost_road;
GRANT EXECUTE ON FUNCTION golden_counts(date) TO seinpost_expert, seinpost_supervisor;
GRANT EXECUTE ON FUNCTION unflagged_read(uuid, boolean, timestamptz) TO seinpost_expert;
GRANT EXECUTE ON FUNCTION sees_quality(), reading_pairs(timestamptz), second_reading_counts(timestamptz),
    waits_for_eyes(timestamptz, timestamptz, integer), sampled_days(date), posts_confirmed(timestamptz, timestamptz)
    TO seinpost_expert, seinpost_supervisor;
