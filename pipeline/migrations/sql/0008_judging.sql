-- Judging whole: taking a reading back, asking the team, a reader's corrections, parking until a moment, escalating,
-- closing, and keys of one's own. Nothing is overwritten: a reading that no longer counts stays, marked as lapsed.

SET LOCAL search_path = seinpost, public;

-- ---------------------------------------------------------------------------------------------------------------------
-- Columns and tables.
-- ---------------------------------------------------------------------------------------------------------------------
ALTER TABLE assessments
    ADD COLUMN lapsed_at      timestamptz,       -- no longer counts since then
    ADD COLUMN lapsed_by      text CHECK (lapsed_by IN ('undone', 'resumed')),
    ADD COLUMN places         jsonb CHECK (jsonb_array_length(places) <= 30), -- the reader's places; null: as they stood
    ADD COLUMN window_changed boolean NOT NULL DEFAULT false,
    ADD COLUMN window_start   timestamptz,       -- the reader's time window, when it was changed; null: no moment
    ADD COLUMN window_end     timestamptz,
    ADD COLUMN changed_from   jsonb,             -- what the signal was before this reading settled it; undo puts it back
    ADD CONSTRAINT assessments_lapse CHECK ((lapsed_at IS NULL) = (lapsed_by IS NULL)),
    ADD CONSTRAINT assessments_window CHECK ((window_start IS NULL) = (window_end IS NULL) AND window_start <= window_end),
    DROP CONSTRAINT assessments_signal_id_reading_key,
    DROP CONSTRAINT assessments_signal_id_user_id_key;
CREATE UNIQUE INDEX assessments_reading ON assessments (signal_id, reading) WHERE lapsed_at IS NULL;
CREATE UNIQUE INDEX assessments_reader ON assessments (signal_id, user_id) WHERE lapsed_at IS NULL;
CREATE INDEX assessments_signal ON assessments (signal_id);
CREATE INDEX assessments_newest ON assessments (user_id, created_at);

ALTER TABLE signals
    ADD COLUMN first_reader_police boolean NOT NULL DEFAULT false, -- of the first reading that stands; false while none
    ADD COLUMN parked_at    timestamptz,
    ADD COLUMN parked_by    uuid REFERENCES users,
    ADD COLUMN parked_until timestamptz,         -- null: until somebody takes it up again, or it expires
    ADD COLUMN extended_by  uuid REFERENCES users, -- the second person who gave it one more term
    ADD COLUMN resumed_at   timestamptz,
    ADD COLUMN escalated_at timestamptz,
    ADD COLUMN outcome      text CHECK (outcome IN ('prevented', 'acted_on', 'nothing_found', 'false_signal', 'other')),
    ADD CONSTRAINT signals_parked_term CHECK (parked_until <= parked_at + interval '28 days'),
    ADD CONSTRAINT signals_extended_by_another CHECK (extended_by <> parked_by);
CREATE INDEX signals_parked ON signals (parked_until) WHERE state = 'parked';
UPDATE signals s SET first_reader_police = true
 WHERE s.state = 'waiting_second' AND EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = s.id AND a.reading = 1 AND a.police);
UPDATE signals SET parked_at = changed_at WHERE state = 'parked';

CREATE TABLE not_blind (                         -- who knows what a colleague thinks of it, and so is no blind second reader
    signal_id uuid NOT NULL REFERENCES signals,
    user_id   uuid NOT NULL REFERENCES users,
    why       text NOT NULL CHECK (why IN ('took_part', 'undid_second')),
    at        timestamptz NOT NULL,
    PRIMARY KEY (signal_id, user_id)
);

CREATE TABLE thread_messages (                   -- casusoverleg: what the team says to each other about one signal
    id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number    bigint GENERATED ALWAYS AS IDENTITY,
    signal_id uuid NOT NULL REFERENCES signals,
    user_id   uuid NOT NULL REFERENCES users,
    kind      text NOT NULL CHECK (kind IN ('question', 'message', 'decision')),
    body      text NOT NULL CHECK (length(body) <= 1000), -- masked; empty once it had to go
    at        timestamptz NOT NULL
);
CREATE INDEX thread_messages_signal ON thread_messages (signal_id, number);
CREATE INDEX thread_messages_kept ON thread_messages (at) WHERE body <> '';

CREATE TABLE thread_mentions (
    message_id uuid NOT NULL REFERENCES thread_messages,
    signal_id  uuid NOT NULL REFERENCES signals,
    user_id    uuid NOT NULL REFERENCES users,
    seen_at    timestamptz,
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX thread_mentions_waiting ON thread_mentions (user_id) WHERE seen_at IS NULL;

ALTER TABLE users ADD COLUMN keys jsonb NOT NULL DEFAULT '{}' CHECK (length(keys::text) <= 1000); -- own keys, by action
GRANT UPDATE (keys) ON users TO seinpost_web;

-- ---------------------------------------------------------------------------------------------------------------------
-- Who has read, who may see what others think, and when two readers have confirmed.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION has_read(reader uuid, signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM assessments a
                    WHERE a.signal_id = signal AND a.user_id = reader AND a.lapsed_at IS NULL) $$;

CREATE FUNCTION informed(reader uuid, signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM not_blind n WHERE n.signal_id = signal AND n.user_id = reader) $$;

CREATE FUNCTION blindness_over(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Can nobody become the blind second reader any more? Only once what was decided cannot be taken back either.
    SELECT EXISTS (SELECT 1 FROM signals s
                    WHERE s.id = signal AND s.state NOT IN ('new', 'waiting_second', 'casusoverleg', 'confirmed')
                      AND s.changed_at <= now() - interval '60 seconds')
        OR EXISTS (SELECT 1 FROM assessments a
                    WHERE a.signal_id = signal AND a.reading = 2 AND a.lapsed_at IS NULL
                      AND a.created_at <= now() - interval '60 seconds') $$;

CREATE FUNCTION two_readers_confirm(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Promise 1: two named readers who confirm, one of them not police, neither attached to a named school; and a second
    -- reading was done blind, whatever it said: after a disagreement the team decides with a third reader.
    SELECT count(DISTINCT a.user_id) FILTER (WHERE a.verdict = 'confirm') >= 2
           AND count(*) FILTER (WHERE a.verdict = 'confirm' AND NOT a.police) >= 1
           AND count(*) FILTER (WHERE a.reading = 2) = 1
      FROM assessments a
     WHERE a.signal_id = signal AND a.lapsed_at IS NULL
       AND (a.verdict <> 'confirm' OR NOT attached(a.user_id, signal)) $$;

CREATE OR REPLACE FUNCTION referral_has_two_readers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
BEGIN
    IF NEW.place_notice THEN
        IF NOT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = NEW.signal_id AND a.lapsed_at IS NULL
                          AND a.verdict = 'confirm' AND a.level = 'acuut' AND NOT attached(a.user_id, NEW.signal_id)) THEN
            RAISE EXCEPTION 'a place notice needs one reader who confirms it as acuut' USING ERRCODE = '42501';
        END IF;
    ELSIF NOT two_readers_confirm(NEW.signal_id) THEN
        RAISE EXCEPTION 'a referral needs two readers who confirm, at least one of them not police' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION confirmed_by_two_readers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NOT two_readers_confirm(NEW.id) THEN
        RAISE EXCEPTION 'a signal is confirmed by two readers, at least one of them not police' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signal_two_readers BEFORE UPDATE OF state ON signals FOR EACH ROW
    WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND current_user = 'seinpost_expert')
    EXECUTE FUNCTION confirmed_by_two_readers();

CREATE OR REPLACE FUNCTION assessment_is_independent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
BEGIN
    IF attached(NEW.user_id, NEW.signal_id) THEN
        RAISE EXCEPTION 'a reader attached to a school that the signal names cannot judge it' USING ERRCODE = '42501';
    END IF;
    IF NEW.reading = 2 AND informed(NEW.user_id, NEW.signal_id) THEN
        RAISE EXCEPTION 'who knows what a colleague thinks of a signal cannot be its blind second reader' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION attached_to_any(reader uuid, schools text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Would these schools, once named, make this user a recipient only?
    SELECT EXISTS (SELECT 1 FROM user_roles r
                    WHERE r.user_id = reader AND r.scope_kind = 'school' AND r.scope_id = ANY(schools)) $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Taking back, and taking up again. An expert changes no reading; these two functions mark one, and write what follows.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION undo_reading(assessment uuid, moment timestamptz) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
-- Marks the acting user's own reading as undone when it is the signal's last step, not older than a minute, and nothing
-- left since. Answers 'undone', or why not; the caller holds the signal's row and takes the step.
DECLARE
    mine  assessments%ROWTYPE;
    stood signals%ROWTYPE;
    last  signal_events%ROWTYPE;
BEGIN
    SELECT * INTO mine FROM assessments WHERE id = assessment AND user_id = acting_user() AND has_role('expert');
    IF NOT FOUND THEN RETURN 'not_yours'; END IF;
    SELECT * INTO stood FROM signals WHERE id = mine.signal_id FOR UPDATE;
    SELECT * INTO mine FROM assessments WHERE id = assessment;
    SELECT * INTO last FROM signal_events
     WHERE signal_id = mine.signal_id AND from_state IS DISTINCT FROM to_state ORDER BY id DESC LIMIT 1;
    IF mine.lapsed_at IS NOT NULL OR last.user_id IS DISTINCT FROM mine.user_id OR last.at <> mine.created_at
       OR last.detail ->> 'reading' IS DISTINCT FROM mine.reading::text OR last.to_state <> stood.state OR stood.extended_by IS NOT NULL THEN
        RETURN 'moved_on';
    END IF;
    IF moment > mine.created_at + interval '60 seconds' THEN RETURN 'too_late'; END IF;
    IF EXISTS (SELECT 1 FROM referrals r WHERE r.signal_id = stood.id AND (mine.reading = 1 OR NOT r.place_notice)) THEN
        RETURN 'has_left';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM sightings g WHERE g.signal_id = stood.id AND g.text IS NOT NULL)
       OR (stood.state IN ('rejected', 'parked') AND (stood.source_removed_at IS NOT NULL OR stood.source_edited_at IS NOT NULL)) THEN
        RETURN 'forgotten';
    END IF;
    UPDATE assessments SET lapsed_at = moment, lapsed_by = 'undone' WHERE id = mine.id;
    IF mine.reading = 2 THEN
        INSERT INTO not_blind VALUES (stood.id, mine.user_id, 'undid_second', moment) ON CONFLICT DO NOTHING;
    END IF;
    IF mine.changed_from IS NOT NULL THEN
        DELETE FROM signal_places WHERE signal_id = stood.id;
        INSERT INTO signal_places (signal_id, place_id, kind, name, added_by)
        SELECT stood.id, p ->> 'id', p ->> 'kind', p ->> 'name', (p ->> 'added_by')::uuid
          FROM jsonb_array_elements(mine.changed_from -> 'places') AS p;
        UPDATE signals SET category = mine.changed_from ->> 'category', level = mine.changed_from ->> 'level',
               window_start = (mine.changed_from ->> 'window_start')::timestamptz,
               window_end = (mine.changed_from ->> 'window_end')::timestamptz
         WHERE id = stood.id;
    END IF;
    RETURN 'undone';
END $$;

CREATE FUNCTION lapse_readings(signal uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
-- A parked signal is taken up again: the readings of before count no more. The caller holds the signal's row.
BEGIN
    IF NOT has_role('expert') OR attached(acting_user(), signal) OR signal_state(signal) <> 'parked' THEN
        RAISE EXCEPTION 'only an expert takes up a parked signal again' USING ERRCODE = '42501';
    END IF;
    UPDATE assessments SET lapsed_at = moment, lapsed_by = 'resumed' WHERE signal_id = signal AND lapsed_at IS NULL;
END $$;

CREATE FUNCTION wake_parked(moment timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
-- Signals whose moment has come stand in the queue again, at most a hundred at a time. Answers how many.
DECLARE awake uuid[];
BEGIN
    WITH due AS (SELECT id FROM signals WHERE state = 'parked' AND parked_until <= moment
                  ORDER BY parked_until LIMIT 100 FOR UPDATE SKIP LOCKED),
         woken AS (UPDATE signals s SET state = 'new', resumed_at = moment, changed_at = moment, parked_at = NULL,
                          parked_by = NULL, parked_until = NULL, extended_by = NULL
                     FROM due WHERE s.id = due.id RETURNING s.id)
    SELECT coalesce(array_agg(id), '{}') INTO awake FROM woken;
    UPDATE assessments SET lapsed_at = moment, lapsed_by = 'resumed' WHERE signal_id = ANY(awake) AND lapsed_at IS NULL;
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state, detail)
    SELECT id, moment, 'resume', 'parked', 'new', '{"why": "moment"}' FROM unnest(awake) AS a (id);
    RETURN cardinality(awake);
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Casusoverleg: who can be asked, and how many could still read blind.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION colleagues(signal uuid) RETURNS TABLE (user_id uuid, username text, display_name text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT u.id, u.username, u.display_name FROM users u
     WHERE has_role('expert') AND u.disabled_at IS NULL AND u.id <> acting_user() AND NOT attached(u.id, signal)
       AND EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role = 'expert')
     ORDER BY u.display_name, u.username LIMIT 100 $$;

CREATE FUNCTION blind_readers_left(signal uuid) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Colleagues who could be the blind second reader if the acting user took part.
    SELECT count(*) FROM colleagues(signal) c WHERE NOT informed(c.user_id, signal) AND NOT has_read(c.user_id, signal) $$;

CREATE FUNCTION read_blind_already(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = signal AND a.reading = 2 AND a.lapsed_at IS NULL) $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security and grants.
-- ---------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['not_blind', 'thread_messages', 'thread_mentions'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON seinpost.%I TO seinpost_expert', t);
    END LOOP;
END $$;
GRANT UPDATE (first_reader_police, parked_at, parked_by, parked_until, extended_by, resumed_at, escalated_at, outcome)
    ON signals TO seinpost_expert;
GRANT UPDATE (seen_at) ON thread_mentions TO seinpost_expert;

-- Blind: what others think shows to who has read it or takes part, and to everyone once nobody can read it blind any more.
DROP POLICY expert_reads ON assessments;
CREATE POLICY expert_reads ON assessments FOR SELECT TO seinpost_expert USING (
    has_role('expert') AND NOT attached(acting_user(), signal_id)
    AND (user_id = acting_user() OR has_read(acting_user(), signal_id) OR informed(acting_user(), signal_id)
         OR blindness_over(signal_id)));
CREATE POLICY expert_reads ON thread_messages FOR SELECT TO seinpost_expert USING (
    has_role('expert') AND NOT attached(acting_user(), signal_id)
    AND (has_read(acting_user(), signal_id) OR informed(acting_user(), signal_id) OR blindness_over(signal_id)));
-- Who speaks takes part; a decision is written while the signal still is in casusoverleg.
CREATE POLICY expert_writes ON thread_messages FOR INSERT TO seinpost_expert WITH CHECK (
    has_role('expert') AND user_id = acting_user() AND NOT attached(acting_user(), signal_id)
    AND signal_state(signal_id) = 'casusoverleg' AND informed(acting_user(), signal_id));
CREATE POLICY expert_reads ON not_blind FOR SELECT TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id));
CREATE POLICY expert_joins ON not_blind FOR INSERT TO seinpost_expert WITH CHECK (
    has_role('expert') AND user_id = acting_user() AND why = 'took_part' AND NOT attached(acting_user(), signal_id)
    AND signal_state(signal_id) = 'casusoverleg');
CREATE POLICY expert_reads ON thread_mentions FOR SELECT TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id));
CREATE POLICY expert_asks ON thread_mentions FOR INSERT TO seinpost_expert WITH CHECK (
    has_role('expert') AND NOT attached(user_id, signal_id) AND EXISTS (
        SELECT 1 FROM thread_messages m WHERE m.id = message_id AND m.signal_id = thread_mentions.signal_id
                                           AND m.user_id = acting_user()));
CREATE POLICY expert_sees ON thread_mentions FOR UPDATE TO seinpost_expert
    USING (has_role('expert') AND user_id = acting_user()) WITH CHECK (user_id = acting_user());

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['undo_reading(uuid, timestamptz)', 'lapse_readings(uuid, timestamptz)', 'wake_parked(timestamptz)',
                             'colleagues(uuid)', 'blind_readers_left(uuid)', 'attached_to_any(uuid, text[])'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION seinpost.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION seinpost.%s TO seinpost_expert', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION wake_parked(timestamptz) TO seinpost_retention;

-- Retention: what the team said goes with the text; terms of parked signals and of those taken up again.
GRANT SELECT (parked_at, parked_until, extended_by, resumed_at) ON signals TO seinpost_retention;
GRANT SELECT (id, signal_id, at, body), UPDATE (body) ON thread_messages TO seinpost_retention;
CREATE POLICY retention ON thread_messages TO seinpost_retention USING (true) WITH CHECK (true);
