-- Answering back: clocks that watch over what is waited for, questions to the experts, seeing a change, and outcomes.

SET LOCAL search_path = seinpost, public;

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (kind IN ('new', 'withdrawn', 'status', 'reminder', 'changed', 'answered'));

-- ---------------------------------------------------------------------------------------------------------------------
-- Clocks. The history of a referral starts and ends them, whoever writes it; how long each step may take is a setting of
-- the installation, so the sweep works the moments out (`forwarding.clocks`). A clock holds no content.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE answer_clocks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals,
    waits_for   text NOT NULL CHECK (waits_for IN ('acknowledgement', 'feedback', 'seen')),
    level       text NOT NULL,                   -- of the signal: what the time allowed depends on
    started_at  timestamptz NOT NULL,
    stage       text NOT NULL DEFAULT 'fresh'
                CHECK (stage IN ('fresh', 'running', 'reminded', 'next_contact', 'alarm', 'called')),
    next_at     timestamptz,                     -- when the sweep looks again; null once it has ended
    ended_at    timestamptz,
    ended_by    text CHECK (ended_by IN ('answered', 'withdrawn', 'changed', 'closed', 'expired')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_at IS NULL) = (next_at IS NOT NULL))
);
CREATE UNIQUE INDEX answer_clocks_open ON answer_clocks (referral_id, waits_for) WHERE ended_at IS NULL;
CREATE INDEX answer_clocks_due ON answer_clocks (next_at) WHERE ended_at IS NULL;
CREATE INDEX answer_clocks_waiting ON answer_clocks (started_at) WHERE ended_at IS NULL;
CREATE INDEX answer_clocks_referral ON answer_clocks (referral_id, id);
CREATE INDEX answer_clocks_age ON answer_clocks (started_at);

CREATE FUNCTION clock_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    moved   boolean := NEW.from_state IS DISTINCT FROM NEW.to_state;
    done    text[] := '{}';
    because text := 'answered';
    starts  text;
BEGIN
    IF NEW.detail ? 'called' THEN                -- a call silences what waits; the answer itself is still welcome
        UPDATE answer_clocks k SET stage = 'called', next_at = greatest(r.expires_at, NEW.at)
          FROM referrals r WHERE r.id = k.referral_id AND k.referral_id = NEW.referral_id AND k.ended_at IS NULL;
    ELSIF NEW.detail ? 'seen' THEN done := '{seen}';
    ELSIF NEW.detail ? 'changed' THEN done := '{seen}'; because := 'changed'; starts := 'seen';
    ELSIF moved AND NEW.to_state = 'prepared' AND NEW.from_state IS NULL THEN starts := 'acknowledgement';
    ELSIF moved AND NEW.to_state = 'acknowledged' THEN done := '{acknowledgement,seen}'; starts := 'feedback';
    ELSIF moved AND NEW.to_state = 'fed_back' THEN done := '{acknowledgement,feedback}';
    ELSIF moved AND NEW.to_state = 'withdrawn' THEN
        done := '{acknowledgement,feedback,seen}'; because := 'withdrawn'; starts := 'seen';
    END IF;
    UPDATE answer_clocks SET ended_at = NEW.at, ended_by = because, next_at = NULL
     WHERE referral_id = NEW.referral_id AND waits_for = ANY(done) AND ended_at IS NULL;
    IF starts IS NOT NULL THEN
        INSERT INTO answer_clocks (referral_id, waits_for, level, started_at, next_at)
        SELECT r.id, starts, s.level, NEW.at, NEW.at FROM referrals r JOIN signals s ON s.id = r.signal_id
         WHERE r.id = NEW.referral_id
            ON CONFLICT (referral_id, waits_for) WHERE ended_at IS NULL DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_move_clocks AFTER INSERT ON referral_events FOR EACH ROW EXECUTE FUNCTION clock_follows();

-- A signal that is closed waits for nobody; that a withdrawal was seen still matters.
CREATE FUNCTION clock_closes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    UPDATE answer_clocks k SET ended_at = NEW.changed_at, ended_by = 'closed', next_at = NULL
      FROM referrals r
     WHERE r.signal_id = NEW.id AND k.referral_id = r.id AND k.ended_at IS NULL AND r.state <> 'withdrawn';
    RETURN NULL;
END $$;
CREATE TRIGGER signals_close_clocks AFTER UPDATE OF state ON signals FOR EACH ROW
    WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION clock_closes();

CREATE FUNCTION tell_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('seinpost_queue', ''); RETURN NULL; END $$;
CREATE TRIGGER clock_alarms AFTER UPDATE ON answer_clocks FOR EACH ROW
    WHEN (NEW.stage = 'alarm' AND OLD.stage <> 'alarm') EXECUTE FUNCTION tell_clock();

-- Referrals that were on their way before there were clocks: each waits from when it was sent.
INSERT INTO answer_clocks (referral_id, waits_for, level, started_at, next_at)
SELECT r.id, CASE WHEN r.state = 'acknowledged' THEN 'feedback' ELSE 'acknowledgement' END, s.level, r.prepared_at,
       r.prepared_at
  FROM referrals r JOIN signals s ON s.id = r.signal_id
 WHERE r.state IN ('prepared', 'sent', 'received', 'read', 'acknowledged', 'failed') AND r.called_at IS NULL
   AND s.state <> 'closed' AND r.expires_at > now();

-- ---------------------------------------------------------------------------------------------------------------------
-- A question back, and its answer. The police ask from the closed list: no word of theirs is ever stored here.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE referral_questions (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    referral_id uuid NOT NULL REFERENCES referrals,
    topic       text NOT NULL CHECK (topic IN ('where', 'when', 'still_going_on', 'already_told', 'call_me', 'other')),
    police      boolean NOT NULL,
    body        text NOT NULL DEFAULT '' CHECK (length(body) <= 280),    -- masked; empty once it had to go
    asked_by    uuid NOT NULL REFERENCES users,
    asked_at    timestamptz NOT NULL,
    answer      text NOT NULL DEFAULT '' CHECK (length(answer) <= 280),  -- masked; empty once it had to go
    answered_by uuid REFERENCES users,
    answered_at timestamptz,
    CHECK (NOT police OR (body = '' AND topic <> 'other')),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL)),
    CHECK (answered_at IS NOT NULL OR answer = '')
);
CREATE INDEX referral_questions_referral ON referral_questions (referral_id, asked_at);
CREATE INDEX referral_questions_waiting ON referral_questions (asked_at) WHERE answered_at IS NULL;
CREATE INDEX referral_questions_kept ON referral_questions (referral_id) WHERE body <> '' OR answer <> '';

CREATE FUNCTION recipient_question(referral uuid, about text, words text, moment timestamptz) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
-- A recipient asks the experts about its own referral. At most three wait for an answer, and ten are asked in all.
DECLARE
    r         referrals%ROWTYPE;
    is_police boolean;
    made      uuid;
BEGIN
    SELECT * INTO r FROM referrals WHERE id = referral AND my_contact(contact_id) FOR UPDATE;
    IF NOT FOUND OR NOT referral_open(r) OR r.state = 'withdrawn' THEN
        RAISE EXCEPTION 'no such referral' USING ERRCODE = '42501';
    END IF;
    is_police := r.kind = 'police' OR EXISTS (SELECT 1 FROM users u WHERE u.id = acting_user() AND u.police);
    IF (is_police AND (words <> '' OR about = 'other')) OR (about = 'other' AND words = '') THEN
        RAISE EXCEPTION 'the question does not fit who asks it' USING ERRCODE = '22023';
    END IF;
    IF (SELECT count(*) >= 10 OR count(*) FILTER (WHERE q.answered_at IS NULL) >= 3
          FROM referral_questions q WHERE q.referral_id = referral) THEN
        RAISE EXCEPTION 'enough questions wait' USING ERRCODE = '54000';
    END IF;
    INSERT INTO referral_questions (referral_id, topic, police, body, asked_by, asked_at)
    VALUES (referral, about, is_police, words, acting_user(), moment) RETURNING id INTO made;
    INSERT INTO referral_events (referral_id, at, from_state, to_state, user_id, detail)
    VALUES (referral, moment, r.state, r.state, acting_user(), jsonb_build_object('asked', about));
    PERFORM trail_append('referral_question', 'referral', referral::text, jsonb_build_object('about', about), moment);
    PERFORM pg_notify('seinpost_queue', '');
    RETURN made;
END $$;

CREATE FUNCTION my_questions(referral uuid)
    RETURNS TABLE (id uuid, topic text, body text, asked_at timestamptz, answer text, answered_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT q.id, q.topic, q.body, q.asked_at, q.answer, q.answered_at
      FROM referral_questions q JOIN referrals r ON r.id = q.referral_id
     WHERE q.referral_id = referral AND r.state <> 'withdrawn' AND referral_open(r) ORDER BY q.asked_at, q.id $$;

-- The words go at once when the signal is withdrawn; else with what the recipient sees (`pipeline.retention`).
CREATE FUNCTION questions_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    UPDATE referral_questions SET body = '', answer = '' WHERE referral_id = NEW.id AND (body <> '' OR answer <> '');
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawn_questions_go AFTER UPDATE OF state ON referrals FOR EACH ROW
    WHEN (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn') EXECUTE FUNCTION questions_go();

-- ---------------------------------------------------------------------------------------------------------------------
-- A recipient saw that a signal was changed or withdrawn.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION my_seeing(referral uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    -- 'asked' while it waits, 'seen' once it was answered, null where nothing was ever changed or withdrawn.
    SELECT CASE WHEN k.ended_at IS NULL THEN 'asked' WHEN k.ended_by = 'answered' THEN 'seen' END
      FROM answer_clocks k JOIN referrals r ON r.id = k.referral_id
     WHERE k.referral_id = referral AND k.waits_for = 'seen' AND my_contact(r.contact_id) ORDER BY k.id DESC LIMIT 1 $$;

CREATE FUNCTION recipient_seen(referral uuid, moment timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
-- Whether there was something to see; a repeat changes nothing.
DECLARE r referrals%ROWTYPE;
BEGIN
    SELECT * INTO r FROM referrals WHERE id = referral AND my_contact(contact_id) FOR UPDATE;
    IF NOT FOUND OR NOT referral_open(r) THEN RAISE EXCEPTION 'no such referral' USING ERRCODE = '42501'; END IF;
    IF NOT EXISTS (SELECT 1 FROM answer_clocks k
                    WHERE k.referral_id = referral AND k.waits_for = 'seen' AND k.ended_at IS NULL) THEN
        RETURN false;
    END IF;
    INSERT INTO referral_events (referral_id, at, from_state, to_state, user_id, detail)
    VALUES (referral, moment, r.state, r.state, acting_user(), '{"seen": "yes"}');
    PERFORM trail_append('referral_change_seen', 'referral', referral::text, '{}', moment);
    RETURN true;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- What came of it, for the quality page: counts that name no recipient and no signal.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION outcome_counts(since timestamptz)
    RETURNS TABLE (month date, category text, outcome text, answers bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT date_trunc('month', f.given_at AT TIME ZONE 'Europe/Amsterdam')::date, s.category, f.outcome, count(*)
      FROM feedback f JOIN referrals r ON r.id = f.referral_id JOIN signals s ON s.id = r.signal_id
     WHERE f.given_at > since AND sees_quality() GROUP BY 1, 2, 3 $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security and grants.
-- ---------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['answer_clocks', 'referral_questions'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON seinpost.%I TO seinpost_expert', t);
        -- Through the referral: what an expert may not see there does not exist here either.
        EXECUTE format('CREATE POLICY expert_reads ON seinpost.%I FOR SELECT TO seinpost_expert USING (seinpost.has_role(''expert'')'
                       ' AND EXISTS (SELECT 1 FROM seinpost.referrals r WHERE r.id = referral_id))', t);
    END LOOP;
END $$;
GRANT UPDATE (answer, answered_by, answered_at) ON referral_questions TO seinpost_expert;
CREATE POLICY expert_answers ON referral_questions FOR UPDATE TO seinpost_expert
    USING (has_role('expert') AND answered_at IS NULL AND EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id))
    WITH CHECK (has_role('expert') AND answered_by = acting_user());
GRANT SELECT, UPDATE (stage, next_at, ended_at, ended_by) ON answer_clocks TO seinpost_dispatch;
CREATE POLICY dispatch ON answer_clocks TO seinpost_dispatch USING (true) WITH CHECK (true);
GRANT INSERT ON notices TO seinpost_dispatch;    -- reminders
GRANT SELECT (started_at), DELETE ON answer_clocks TO seinpost_retention;
GRANT SELECT (referral_id, body, answer), UPDATE (body, answer) ON referral_questions TO seinpost_retention;
GRANT SELECT (state) ON referrals TO seinpost_retention;

REVOKE EXECUTE ON FUNCTION clock_follows(), clock_closes(), questions_go(), outcome_counts(timestamptz),
    recipient_question(uuid, text, text, timestamptz), my_questions(uuid), my_seeing(uuid),
    recipient_seen(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outcome_counts(timestamptz) TO seinpost_expert, seinpost_supervisor;
DO $$
DECLARE taker text;
BEGIN
    FOREACH taker IN ARRAY ARRAY['', '_school', '_police', '_municipality', '_field', '_help', '_escalation'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION seinpost.recipient_question(uuid, text, text, timestamptz),'
                       ' seinpost.my_questions(uuid), seinpost.my_seeing(uuid), seinpost.recipient_seen(uuid, timestamptz)'
                       ' TO seinpost_recipient%s', taker);
    END LOOP;
END $$;
