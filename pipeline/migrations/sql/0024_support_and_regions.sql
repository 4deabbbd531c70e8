-- Two things that a person decides and no threshold: a school that is stuck asks OTSV or AcVZ for support, and a team hands
-- a signal to the team of another region. Neither holds a word about a pupil: reasons, steps and owners are closed lists.

SET LOCAL search_path = seinpost, public;

-- ---------------------------------------------------------------------------------------------------------------------
-- A school asks for support (*vastgelopen*). It ends when one of both closes it, and by itself after 90 days.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE support_requests (
    id              uuid PRIMARY KEY,            -- the key of the form: sent twice, it is asked once
    organisation_id uuid NOT NULL REFERENCES organisations,
    asked_by        uuid NOT NULL REFERENCES contacts, -- the school's contact: a role, on the page; who it was stands on the trail
    why             text NOT NULL CHECK (why IN ('keeps_coming_back', 'too_much_at_once', 'plan_falls_short',
                                                 'network_missing', 'nobody_in_charge')),
    asked_at        timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    closed_at       timestamptz,
    outcome         text CHECK (outcome IN ('goes_on_alone', 'others_help', 'asked_by_mistake', 'time_over')),
    CHECK (ends_at > asked_at AND ends_at <= asked_at + interval '2160 hours'),  -- hours: a day differs with the clock's hour
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX support_requests_open ON support_requests (organisation_id) WHERE closed_at IS NULL;
CREATE INDEX support_requests_school ON support_requests (organisation_id, asked_at);
CREATE INDEX support_requests_ends ON support_requests (ends_at);

CREATE TABLE support_asked (                     -- who served the school when it asked: only they see it
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    request_id   uuid NOT NULL REFERENCES support_requests ON DELETE CASCADE,
    contact_id   uuid NOT NULL REFERENCES contacts,
    agreement_id uuid NOT NULL REFERENCES agreements,
    UNIQUE (request_id, contact_id)
);
CREATE INDEX support_asked_contact ON support_asked (contact_id);

CREATE TABLE support_steps (
    id         uuid PRIMARY KEY,                 -- the key of the form
    number     bigint GENERATED ALWAYS AS IDENTITY,
    request_id uuid NOT NULL REFERENCES support_requests ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('plan_looked_at', 'talk_with_school', 'network_together', 'extra_presence',
                                             'help_offered', 'staff_trained', 'one_in_charge', 'looked_back')),
    owner      text NOT NULL CHECK (owner IN ('school', 'police', 'municipality', 'field', 'help', 'escalation')),
    due_on     date NOT NULL,
    done_at    timestamptz
);
CREATE INDEX support_steps_request ON support_steps (request_id, number);

-- A notice tells of a referral, or that a school asks for support.
ALTER TABLE notices ALTER COLUMN referral_id DROP NOT NULL;
ALTER TABLE notices ADD COLUMN support_id uuid REFERENCES support_asked ON DELETE CASCADE;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices
    ADD CONSTRAINT notices_kind_check
        CHECK (kind IN ('new', 'withdrawn', 'status', 'reminder', 'changed', 'answered', 'support')),
    ADD CONSTRAINT notices_about CHECK ((referral_id IS NULL) = (kind = 'support') AND (support_id IS NOT NULL) = (kind = 'support'));
CREATE INDEX notices_support ON notices (support_id) WHERE support_id IS NOT NULL;

-- Whether this organisation's agreement holds now, and names this field; null: whatever it names.
CREATE FUNCTION organisation_agrees(organisation uuid, field text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM agreements a WHERE a.organisation_id = organisation AND agreement_valid(a.id)
                      AND (field IS NULL OR field = ANY (a.fields))) $$;

-- As which side the acting user takes part in a request that is open: 'school' or 'escalation'. Null: it is over, or it is
-- somebody else's; which of these is not told.
CREATE FUNCTION support_side(request uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM contacts c WHERE c.id IN (SELECT my_contacts()) AND c.kind = 'school'
                        AND c.organisation_id = q.organisation_id AND organisation_agrees(c.organisation_id, NULL))
        THEN 'school'
        WHEN EXISTS (SELECT 1 FROM support_asked a JOIN contacts c ON c.id = a.contact_id
                      WHERE a.request_id = q.id AND c.id IN (SELECT my_contacts()) AND c.kind = 'escalation'
                        AND organisation_agrees(c.organisation_id, NULL))
        THEN 'escalation' END
      FROM support_requests q WHERE q.id = request AND q.closed_at IS NULL AND q.ends_at > now() $$;

-- The schools for which the acting user may ask, each with the places that its contacts serve.
CREATE FUNCTION support_schools() RETURNS TABLE (organisation uuid, name text, places text[]) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT o.id, o.name, array_agg(DISTINCT p.place_id)
      FROM contacts c JOIN organisations o ON o.id = c.organisation_id AND o.kind = 'school'
      JOIN contact_places p ON p.contact_id = c.id
     WHERE c.id IN (SELECT my_contacts()) AND c.kind = 'school' AND organisation_agrees(o.id, NULL)
     GROUP BY o.id, o.name ORDER BY o.name $$;

-- Who would be asked: escalation contacts who serve one of these places today, with an agreement and an account. The caller
-- says what lies around the school: containment is the gazetteer's, which does not stand in the database.
CREATE FUNCTION support_helpers(school uuid, around text[])
    RETURNS TABLE (contact uuid, agreement uuid, name text, role_name text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT c.id, g.id, o.name, c.role_name
      FROM contacts c JOIN organisations o ON o.id = c.organisation_id
      JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
      CROSS JOIN LATERAL (SELECT a.id FROM agreements a WHERE a.organisation_id = o.id AND agreement_valid(a.id)
                           ORDER BY a.starts_on DESC, a.id LIMIT 1) AS g
     WHERE c.kind = 'escalation' AND c.active AND school IN (SELECT s.organisation FROM support_schools() s)
       AND EXISTS (SELECT 1 FROM served_places p WHERE p.contact_id = c.id AND p.place_id = ANY (around))
     ORDER BY o.name, c.role_name, c.id LIMIT 20 $$;

-- Answers 'asked', 'again' (this form was sent before), 'open' (one is open already), 'nobody', or 'too_often'.
CREATE FUNCTION support_ask(key uuid, school uuid, around text[], reason text, moment timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE asker uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM support_schools() s WHERE s.organisation = school) THEN
        RAISE EXCEPTION 'no such school' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('seinpost.support'), hashtext(school::text));
    IF EXISTS (SELECT 1 FROM support_requests q WHERE q.id = key) THEN RETURN 'again'; END IF;
    UPDATE support_requests SET closed_at = ends_at, outcome = 'time_over'
     WHERE organisation_id = school AND closed_at IS NULL AND ends_at <= now();
    IF EXISTS (SELECT 1 FROM support_requests q WHERE q.organisation_id = school AND q.closed_at IS NULL) THEN RETURN 'open'; END IF;
    IF (SELECT count(*) >= 5 FROM support_requests q
         WHERE q.organisation_id = school AND q.asked_at > moment - interval '28 days') THEN
        RETURN 'too_often';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM support_helpers(school, around)) THEN RETURN 'nobody'; END IF;
    SELECT c.id INTO asker FROM contacts c
     WHERE c.id IN (SELECT my_contacts()) AND c.kind = 'school' AND c.organisation_id = school ORDER BY c.id LIMIT 1;
    INSERT INTO support_requests (id, organisation_id, asked_by, why, asked_at, ends_at)
    VALUES (key, school, asker, reason, moment, moment + interval '2160 hours');
    WITH asked AS (
        INSERT INTO support_asked (request_id, contact_id, agreement_id)
        SELECT key, h.contact, h.agreement FROM support_helpers(school, around) h RETURNING id, contact_id, agreement_id
    )
    INSERT INTO notices (id, support_id, kind, channel, next_try_at)
    SELECT gen_random_uuid(), a.id, 'support', w.channel, moment
      FROM asked a JOIN contacts c ON c.id = a.contact_id JOIN agreements g ON g.id = a.agreement_id
     CROSS JOIN LATERAL (SELECT 'email' AS channel
                         UNION ALL SELECT e.channel FROM endpoints e
                          WHERE e.organisation_id = c.organisation_id AND e.active AND e.channel = 'webhook'
                            AND e.channel = ANY (g.channels)) AS w;
    PERFORM trail_append('support_asked', 'support_request', key::text,
                         jsonb_build_object('why', reason, 'organisation', school::text), moment);
    RETURN 'asked';
END $$;

-- Every open request that the acting user takes part in, in the order of asking: nothing here ranks a school.
CREATE FUNCTION support_mine()
    RETURNS TABLE (id uuid, side text, organisation uuid, school text, role_name text, why text, asked_at timestamptz,
                   ends_at timestamptz, steps bigint, done bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT q.id, s.side, o.id, o.name, c.role_name, q.why, q.asked_at, q.ends_at, t.steps, t.done
      FROM support_requests q JOIN organisations o ON o.id = q.organisation_id JOIN contacts c ON c.id = q.asked_by
     CROSS JOIN LATERAL (SELECT support_side(q.id) AS side OFFSET 0) AS s
     CROSS JOIN LATERAL (SELECT count(*) AS steps, count(p.done_at) AS done FROM support_steps p WHERE p.request_id = q.id) AS t
     WHERE q.closed_at IS NULL AND q.ends_at > now() AND s.side IS NOT NULL
     ORDER BY q.asked_at, q.id LIMIT 200 $$;

-- Who was asked.
CREATE FUNCTION support_people(request uuid) RETURNS TABLE (name text, role_name text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT o.name, c.role_name FROM support_asked a JOIN contacts c ON c.id = a.contact_id
      JOIN organisations o ON o.id = c.organisation_id
     WHERE a.request_id = request AND support_side(request) IS NOT NULL ORDER BY o.name, c.role_name, c.id $$;

-- How many signals the school's contacts were sent in the last 90 days, by kind as they were told it. The kind is null where
-- it was not told to the school, and wherever the asker's agreement does not name kinds. Nothing else of any signal.
CREATE FUNCTION support_counts(request uuid) RETURNS TABLE (category text, number bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = seinpost AS $$
    WITH me AS MATERIALIZED (
        SELECT q.organisation_id,
               s.side = 'school' OR EXISTS (
                   SELECT 1 FROM support_asked a JOIN contacts c ON c.id = a.contact_id
                    WHERE a.request_id = q.id AND c.id IN (SELECT my_contacts())
                      AND organisation_agrees(c.organisation_id, 'category')) AS kinds
          FROM support_requests q CROSS JOIN LATERAL (SELECT support_side(q.id) AS side OFFSET 0) AS s
         WHERE q.id = request AND s.side IS NOT NULL)
    SELECT CASE WHEN me.kinds THEN r.category END, count(DISTINCT r.signal_id)
      FROM me JOIN contacts c ON c.organisation_id = me.organisation_id AND c.kind = 'school'
      JOIN referrals r ON r.contact_id = c.id
     WHERE r.state NOT IN ('held', 'withdrawn') AND r.prepared_at > now() - interval '90 days'
     GROUP BY 1 ORDER BY 1 NULLS LAST $$;

CREATE FUNCTION support_steps_of(request uuid)
    RETURNS TABLE (id uuid, kind text, owner text, due_on date, done_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT p.id, p.kind, p.owner, p.due_on, p.done_at FROM support_steps p
     WHERE p.request_id = request AND support_side(request) IS NOT NULL
     ORDER BY p.done_at IS NOT NULL, p.due_on, p.number $$;

-- Answers 'added', 'again', 'full' or 'wrong_day': a step is due from today on, before the request ends.
CREATE FUNCTION support_step_add(request uuid, key uuid, what text, who text, by_day date, moment timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE side text := support_side(request);
BEGIN
    IF side IS NULL THEN RAISE EXCEPTION 'no such request' USING ERRCODE = '42501'; END IF;
    PERFORM 1 FROM support_requests q WHERE q.id = request FOR UPDATE;
    IF EXISTS (SELECT 1 FROM support_steps p WHERE p.id = key) THEN RETURN 'again'; END IF;
    IF (SELECT count(*) >= 30 FROM support_steps p WHERE p.request_id = request) THEN RETURN 'full'; END IF;
    IF by_day < (moment AT TIME ZONE 'Europe/Amsterdam')::date
       OR by_day > (SELECT (q.ends_at AT TIME ZONE 'Europe/Amsterdam')::date FROM support_requests q WHERE q.id = request) THEN
        RETURN 'wrong_day';
    END IF;
    INSERT INTO support_steps (id, request_id, kind, owner, due_on) VALUES (key, request, what, who, by_day);
    PERFORM trail_append('support_step', 'support_request', request::text,
                         jsonb_build_object('step', what, 'owner', who, 'by', side), moment);
    RETURN 'added';
END $$;

-- Done, or not after all. A repeat changes nothing and says so: false.
CREATE FUNCTION support_step_done(step uuid, is_done boolean, moment timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    request uuid := (SELECT p.request_id FROM support_steps p WHERE p.id = step);
    what    text;
BEGIN
    IF request IS NULL OR support_side(request) IS NULL THEN
        RAISE EXCEPTION 'no such step' USING ERRCODE = '42501';
    END IF;
    UPDATE support_steps p SET done_at = CASE WHEN is_done THEN moment END
     WHERE p.id = step AND (p.done_at IS NOT NULL) <> is_done RETURNING p.kind INTO what;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM trail_append(CASE WHEN is_done THEN 'support_step_done' ELSE 'support_step_open_again' END, 'support_request',
                         request::text, jsonb_build_object('step', what, 'by', support_side(request)), moment);
    RETURN true;
END $$;

CREATE FUNCTION support_close(request uuid, how text, moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE side text := support_side(request);
BEGIN
    IF side IS NULL OR how = 'time_over' THEN RAISE EXCEPTION 'no such request' USING ERRCODE = '42501'; END IF;
    UPDATE support_requests SET closed_at = moment, outcome = how WHERE id = request AND closed_at IS NULL;
    IF FOUND THEN
        PERFORM trail_append('support_closed', 'support_request', request::text,
                             jsonb_build_object('how', how, 'by', side), moment);
    END IF;
END $$;

-- What the dispatcher may tell of it: that it is there, and until when. One that is over is told to nobody any more.
CREATE VIEW support_to_tell WITH (security_barrier) AS
    SELECT a.id, a.request_id, a.contact_id, a.agreement_id,
           CASE WHEN agreement_valid(a.agreement_id) THEN coalesce(q.closed_at, q.ends_at) ELSE q.asked_at END AS expires_at
      FROM support_asked a JOIN support_requests q ON q.id = a.request_id;
GRANT SELECT ON support_to_tell TO seinpost_dispatch;

-- ---------------------------------------------------------------------------------------------------------------------
-- Another region's team takes a signal over. It says who is to act, never who may see: everybody sees what they saw.
-- ---------------------------------------------------------------------------------------------------------------------
ALTER TABLE users ADD COLUMN region text CHECK (region IN ('amsterdam', 'haaglanden', 'rotterdam', 'zaanstreek'));

CREATE FUNCTION my_region() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT u.region FROM users u WHERE u.id = acting_user() $$;

CREATE TABLE region_handovers (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    signal_id   uuid NOT NULL REFERENCES signals,
    from_region text CHECK (from_region IN ('amsterdam', 'haaglanden', 'rotterdam', 'zaanstreek')), -- null: no team was named
    to_region   text NOT NULL CHECK (to_region IN ('amsterdam', 'haaglanden', 'rotterdam', 'zaanstreek')),
    why         text NOT NULL CHECK (why IN ('place_is_there', 'most_is_there', 'their_network', 'we_are_unstaffed')),
    offered_by  uuid NOT NULL REFERENCES users DEFAULT acting_user(),
    offered_at  timestamptz NOT NULL,
    outcome     text CHECK (outcome IN ('taken', 'given_back', 'taken_back')),
    outcome_why text CHECK (outcome_why IN ('not_our_place', 'we_are_unstaffed', 'talk_first', 'you_are_on_it')),
    answered_by uuid REFERENCES users,
    answered_at timestamptz,
    CHECK (from_region <> to_region),
    CHECK ((outcome IS NULL) = (answered_at IS NULL) AND (outcome IS NULL) = (answered_by IS NULL)),
    CHECK ((outcome_why IS NOT NULL) = (coalesce(outcome, '') = 'given_back'))
);
CREATE UNIQUE INDEX region_handovers_open ON region_handovers (signal_id) WHERE outcome IS NULL;
CREATE INDEX region_handovers_signal ON region_handovers (signal_id, number);
CREATE INDEX region_handovers_age ON region_handovers (offered_at);

-- Offered in one's own name, from the team that has it; answered by somebody else, of the region it was offered to, or of
-- none; taken back by who offered it. What was written stays.
CREATE FUNCTION region_handover_is_in_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.offered_by IS DISTINCT FROM acting_user() OR NEW.outcome IS NOT NULL THEN
            RAISE EXCEPTION 'a signal is handed over in one''s own name' USING ERRCODE = '42501';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM signals s WHERE s.id = NEW.signal_id AND s.state NOT IN ('rejected', 'expired', 'closed')) THEN
            RAISE EXCEPTION 'a signal that is over is not handed over' USING ERRCODE = '22023';
        END IF;
        -- Nobody else can say from which team it comes.
        SELECT h.to_region INTO NEW.from_region FROM region_handovers h
         WHERE h.signal_id = NEW.signal_id AND h.outcome = 'taken' ORDER BY h.number DESC LIMIT 1;
        IF NOT FOUND THEN NEW.from_region := my_region(); END IF;
        IF NEW.from_region = NEW.to_region THEN
            RAISE EXCEPTION 'that team has it already' USING ERRCODE = '22023';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.outcome IS NOT NULL
       OR (NEW.number, NEW.signal_id, NEW.to_region, NEW.why, NEW.offered_by, NEW.offered_at)
          IS DISTINCT FROM (OLD.number, OLD.signal_id, OLD.to_region, OLD.why, OLD.offered_by, OLD.offered_at)
       OR NEW.from_region IS DISTINCT FROM OLD.from_region THEN
        RAISE EXCEPTION 'what was handed over stays as it is' USING ERRCODE = '42501';
    END IF;
    IF NEW.answered_by IS DISTINCT FROM acting_user()
       OR (NEW.outcome = 'taken_back') <> (OLD.offered_by = acting_user())
       OR (NEW.outcome <> 'taken_back' AND coalesce(my_region(), OLD.to_region) <> OLD.to_region) THEN
        RAISE EXCEPTION 'somebody of the other team answers, in one''s own name' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER region_handover_in_order BEFORE INSERT OR UPDATE ON region_handovers
    FOR EACH ROW WHEN (current_user <> 'seinpost_owner') EXECUTE FUNCTION region_handover_is_in_order();
CREATE TRIGGER region_handovers_changed AFTER INSERT OR UPDATE ON region_handovers
    FOR EACH STATEMENT EXECUTE FUNCTION tell_queue();

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security and grants. Of a request no role reads a row: the functions above answer for the acting user alone.
-- ---------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['support_requests', 'support_asked', 'support_steps', 'region_handovers'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT (closed_at, ends_at), DELETE ON support_requests TO seinpost_retention;
CREATE POLICY retention ON support_requests TO seinpost_retention USING (true);
GRANT SELECT, INSERT ON region_handovers TO seinpost_expert;
GRANT UPDATE (outcome, outcome_why, answered_by, answered_at) ON region_handovers TO seinpost_expert;
CREATE POLICY expert ON region_handovers TO seinpost_expert
    USING ((SELECT has_role('expert')) AND signal_id NOT IN (SELECT attached_signals()))
    WITH CHECK (has_role('expert') AND NOT attached(acting_user(), signal_id));
GRANT SELECT (offered_at), DELETE ON region_handovers TO seinpost_retention;
CREATE POLICY retention ON region_handovers TO seinpost_retention USING (true);

REVOKE EXECUTE ON FUNCTION organisation_agrees(uuid, text), support_side(uuid), support_schools(), support_helpers(uuid, text[]),
    support_ask(uuid, uuid, text[], text, timestamptz), support_mine(), support_people(uuid), support_counts(uuid),
    support_steps_of(uuid), support_step_add(uuid, uuid, text, text, date, timestamptz),
    support_step_done(uuid, boolean, timestamptz), support_close(uuid, text, timestamptz), my_region(),
    region_handover_is_in_order() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION support_schools(), support_helpers(uuid, text[]),
    support_ask(uuid, uuid, text[], text, timestamptz), support_mine(), support_people(uuid), support_counts(uuid),
    support_steps_of(uuid), support_step_add(uuid, uuid, text, text, date, timestamptz),
    support_step_done(uuid, boolean, timestamptz), support_close(uuid, text, timestamptz) TO seinpost_recipient;
GRANT EXECUTE ON FUNCTION my_region() TO seinpost_expert;
