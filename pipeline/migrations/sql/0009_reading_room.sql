-- The reading room: a reader's own settings, saved views, who else looks on, handing over, and a queue that stays quick.

SET LOCAL search_path = seinpost, public;

-- What a reader reads, and how much of it. Nobody else sees a row: not the team, not a supervisor, not the trail.
CREATE TABLE reader_settings (
    user_id       uuid PRIMARY KEY REFERENCES users,
    budget        smallint NOT NULL CHECK (budget BETWEEN 1 AND 60),          -- readings a day before 'take a break'
    break_minutes smallint NOT NULL CHECK (break_minutes BETWEEN 10 AND 180),
    avoided       text[] NOT NULL CHECK (cardinality(avoided) <= 7 AND avoided <@
        '{threat,weapon,confrontation,recruitment,drugs,extortion,sexual}'::text[])
);
-- The place in the list is what bounds it: a twenty-first view has none.
CREATE TABLE saved_views (
    user_id uuid NOT NULL REFERENCES users,
    place   smallint NOT NULL CHECK (place BETWEEN 1 AND 20),
    name    text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    filters text NOT NULL CHECK (length(filters) <= 300),                     -- as in the queue's address; read again as such
    PRIMARY KEY (user_id, place),
    UNIQUE (user_id, name)
);
-- Who has a signal's page open now: a lease of half a minute, asked by two functions that answer a number. No role
-- that serves a screen can read a row; unlogged, for after a crash nobody is looking.
CREATE UNLOGGED TABLE onlookers (
    signal_id uuid NOT NULL REFERENCES signals ON DELETE CASCADE,
    user_id   uuid NOT NULL REFERENCES users,
    until     timestamptz NOT NULL,
    PRIMARY KEY (signal_id, user_id)
);
CREATE INDEX onlookers_ended ON onlookers (until);
-- A note at the end of a shift, and the signals that were given back with it.
CREATE TABLE handovers (
    id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users,
    at      timestamptz NOT NULL,
    note    text NOT NULL CHECK (length(note) <= 500),                        -- masked before it comes here
    signals uuid[] NOT NULL CHECK (cardinality(signals) <= 20)
);
CREATE INDEX handovers_at ON handovers (at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reader_settings', 'saved_views', 'onlookers', 'handovers'] LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['reader_settings', 'saved_views'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON seinpost.%I TO seinpost_expert', t);
        EXECUTE format('CREATE POLICY own ON seinpost.%I TO seinpost_expert
                        USING (seinpost.has_role(''expert'') AND user_id = seinpost.acting_user())', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['onlookers', 'handovers'] LOOP
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true)', t);
    END LOOP;
END $$;
GRANT SELECT (until), DELETE ON onlookers TO seinpost_retention;
GRANT SELECT (at), DELETE ON handovers TO seinpost_retention;
GRANT SELECT, INSERT, DELETE ON handovers TO seinpost_expert;
-- A note may tell of the signals it stands with; who is attached to a school they name does not read it.
CREATE POLICY team_reads ON handovers FOR SELECT TO seinpost_expert USING (
    has_role('expert') AND NOT EXISTS (SELECT 1 FROM unnest(signals) AS named (id) WHERE attached(acting_user(), named.id)));
CREATE POLICY own_adds ON handovers FOR INSERT TO seinpost_expert WITH CHECK (has_role('expert') AND user_id = acting_user());
CREATE POLICY own_takes_back ON handovers FOR DELETE TO seinpost_expert USING (has_role('expert') AND user_id = acting_user());

-- Which languages somebody reads is set by that person, and is nobody else's business.
REVOKE SELECT (languages) ON users FROM seinpost_expert;
GRANT UPDATE (languages) ON users TO seinpost_expert;
CREATE POLICY expert_own ON users FOR UPDATE TO seinpost_expert
    USING (has_role('expert') AND id = acting_user()) WITH CHECK (has_role('expert') AND id = acting_user());

-- Who reads Dutch reads it mixed with street language too, until that person chose otherwise on the own page.
CREATE FUNCTION languages_read(listed text[], chosen uuid) RETURNS text[] LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN chosen IS NULL AND 'nl' = ANY (listed) THEN listed || '{mixed}'::text[] ELSE listed END;

-- All that a page asks about its own reader, in one row: settings, the languages that other readers list, and when this
-- reader judged since a moment (at most 200, for a budget and a break).
CREATE FUNCTION my_reading(since timestamptz, OUT languages text[], OUT budget integer, OUT break_minutes integer,
                           OUT avoided text[], OUT read_by_others text[], OUT read_at timestamptz[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT languages_read(u.languages, r.user_id), coalesce(r.budget, 15), coalesce(r.break_minutes, 45),
           coalesce(r.avoided, '{}'),
           coalesce((SELECT array_agg(DISTINCT l) FROM users o JOIN user_roles x ON x.user_id = o.id AND x.role = 'expert'
                       LEFT JOIN reader_settings c ON c.user_id = o.id, unnest(languages_read(o.languages, c.user_id)) AS l
                      WHERE o.id <> u.id AND o.disabled_at IS NULL), '{}'),
           coalesce((SELECT array_agg(t.created_at ORDER BY t.created_at)
                       FROM (SELECT a.created_at FROM assessments a WHERE a.user_id = u.id AND a.created_at >= since
                              ORDER BY a.created_at DESC LIMIT 200) AS t), '{}')
      FROM users u LEFT JOIN reader_settings r ON r.user_id = u.id
     WHERE u.id = acting_user() AND has_role('expert') $$;

CREATE FUNCTION look_on(signal uuid, lease_ends timestamptz, moment timestamptz) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
-- I look too, until then; answers how many others do. NULL where this reader may not see the signal.
BEGIN
    IF NOT has_role('expert') OR attached(acting_user(), signal)
       OR NOT EXISTS (SELECT 1 FROM signals WHERE id = signal) THEN RETURN NULL; END IF;
    DELETE FROM onlookers WHERE (signal_id, user_id) IN
        (SELECT o.signal_id, o.user_id FROM onlookers o WHERE o.until <= moment FOR UPDATE SKIP LOCKED);
    INSERT INTO onlookers VALUES (signal, acting_user(), least(lease_ends, moment + interval '1 minute'))
        ON CONFLICT (signal_id, user_id) DO UPDATE SET until = excluded.until;
    RETURN others_looking(signal, moment);
END $$;
CREATE FUNCTION others_looking(signal uuid, moment timestamptz) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT count(*)::integer FROM onlookers
     WHERE signal_id = signal AND user_id <> acting_user() AND until > moment
       AND has_role('expert') AND NOT attached(acting_user(), signal) $$;
CREATE FUNCTION look_away(signal uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = seinpost AS $$
    DELETE FROM onlookers WHERE signal_id = signal AND user_id = acting_user() $$;
REVOKE EXECUTE ON FUNCTION my_reading(timestamptz), look_on(uuid, timestamptz, timestamptz),
    others_looking(uuid, timestamptz), look_away(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_reading(timestamptz), look_on(uuid, timestamptz, timestamptz),
    others_looking(uuid, timestamptz), look_away(uuid) TO seinpost_expert;

-- Whether a signal names a place decides where it stands in the queue; it is written down where places are, so that no
-- look at the queue has to ask for the places of every signal. Signals that nobody reads any more keep the default.
ALTER TABLE signals ADD COLUMN place_known boolean NOT NULL DEFAULT false;
UPDATE signals s SET place_known = true
 WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed', 'parked')
   AND EXISTS (SELECT 1 FROM signal_places p WHERE p.signal_id = s.id);
CREATE FUNCTION note_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    UPDATE signals s SET place_known = NOT s.place_known
     WHERE s.id IN (SELECT c.signal_id FROM changed c)
       AND s.place_known <> EXISTS (SELECT 1 FROM signal_places p WHERE p.signal_id = s.id);
    RETURN NULL;
END $$;
CREATE TRIGGER places_added AFTER INSERT ON signal_places REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_places();
CREATE TRIGGER places_removed AFTER DELETE ON signal_places REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_places();

-- Of the open signals: those that this reader read, and those of which this reader knows what a colleague thinks.
CREATE FUNCTION open_read_by_me() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT a.signal_id FROM assessments a JOIN signals s ON s.id = a.signal_id
     WHERE a.user_id = acting_user() AND a.lapsed_at IS NULL
       AND s.state IN ('waiting_second', 'casusoverleg', 'confirmed') $$;
CREATE FUNCTION open_known_to_me() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT n.signal_id FROM not_blind n JOIN signals s ON s.id = n.signal_id
     WHERE n.user_id = acting_user() AND s.state IN ('waiting_second', 'casusoverleg') $$;
REVOKE EXECUTE ON FUNCTION open_read_by_me(), open_known_to_me() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_read_by_me(), open_known_to_me() TO seinpost_expert;

-- A queue of thousands is asked for with every page. Whose role it is, and which signals name a school of this reader,
-- is worked out once for each question and no longer once for each row.
CREATE FUNCTION attached_signals() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT p.signal_id FROM user_roles r JOIN signal_places p ON p.place_id = r.scope_id AND p.kind = 'school'
     WHERE r.user_id = acting_user() AND r.scope_kind = 'school' $$;
REVOKE EXECUTE ON FUNCTION attached_signals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attached_signals() TO seinpost_expert;
ALTER POLICY expert_reads ON signals
    USING ((SELECT has_role('expert')) AND id NOT IN (SELECT attached_signals()));
ALTER POLICY expert ON signal_places
    USING ((SELECT has_role('expert')) AND signal_id NOT IN (SELECT attached_signals()));
ALTER POLICY expert ON claims
    USING ((SELECT has_role('expert')) AND signal_id NOT IN (SELECT attached_signals()));
