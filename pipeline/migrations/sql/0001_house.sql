-- The whole house: people, orders, signals, referrals, the road's own books and the trail.
-- Run as seinpost_owner. Every table forces row-level security; a role sees only what a policy below names for it.
-- The acting user is `seinpost.user_id`, set per transaction by `pipeline.store.connection.acting_as` and by nothing else.

CREATE SCHEMA seinpost;
GRANT USAGE ON SCHEMA seinpost TO seinpost_road, seinpost_collect, seinpost_relay, seinpost_dispatch, seinpost_unseal,
    seinpost_web, seinpost_expert, seinpost_recipient, seinpost_supervisor, seinpost_retention;
SET search_path = seinpost, public;

-- ---------------------------------------------------------------------------------------------------------------------
-- People of this installation. Professionals in their role, never authors of posts.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username      text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
    display_name  text NOT NULL,
    pseudonym     text NOT NULL UNIQUE,          -- what recipients see of an expert
    password_hash text NOT NULL,
    police        boolean NOT NULL DEFAULT false,
    languages     text[] NOT NULL DEFAULT '{nl}',
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_roles (
    user_id    uuid NOT NULL REFERENCES users,
    role       text NOT NULL CHECK (role IN
        ('expert', 'recipient', 'tuner', 'order_approver', 'fg', 'board', 'admin', 'auditor')),
    scope_kind text NOT NULL DEFAULT 'all' CHECK (scope_kind IN ('all', 'school', 'area', 'police_unit')),
    scope_id   text NOT NULL DEFAULT '',
    PRIMARY KEY (user_id, role, scope_kind, scope_id)
);

CREATE TABLE web_sessions (
    token_hash   bytea PRIMARY KEY,              -- SHA-256 of the cookie
    user_id      uuid NOT NULL REFERENCES users,
    csrf         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX web_sessions_expiry ON web_sessions (expires_at);

CREATE TABLE sign_in_failures (
    username_hash bytea NOT NULL,                -- SHA-256; unknown names count too, so that none can be guessed
    failed_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failures_recent ON sign_in_failures (username_hash, failed_at);

-- ---------------------------------------------------------------------------------------------------------------------
-- Collection orders, their sealed seeds, and where each collector is.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE orders (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    controller text NOT NULL CHECK (controller <> ''),
    basis      text NOT NULL CHECK (basis <> ''),
    occasion   text NOT NULL CHECK (occasion <> ''),
    scope      jsonb NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    drafted_by uuid NOT NULL REFERENCES users,
    state      text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in_force', 'stopped')),
    stopped_at timestamptz,
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '28 days')
);

CREATE TABLE order_approvals (
    order_id    uuid NOT NULL REFERENCES orders,
    user_id     uuid NOT NULL REFERENCES users,
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, user_id)
);

CREATE TABLE seeds (
    order_id       uuid NOT NULL REFERENCES orders,
    number         integer NOT NULL,             -- all that cursors, health and logs know of a seed
    source         text NOT NULL,
    sealed_address bytea NOT NULL,               -- SecretBox under the master key
    reason         text NOT NULL,
    review_on      date NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE TABLE cursors (
    collector text NOT NULL,
    order_id  uuid NOT NULL REFERENCES orders,
    seed      integer NOT NULL,
    position  text NOT NULL,
    saved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (collector, order_id, seed)
);

CREATE TABLE source_health (
    collector    text NOT NULL,
    order_id     uuid NOT NULL REFERENCES orders,
    seed         integer NOT NULL,
    state        text NOT NULL CHECK (state IN
        ('ok', 'nothing_new', 'slowed', 'failing', 'blocked', 'misparsed', 'stopped_by_order')),
    reason       text NOT NULL DEFAULT '',
    since        timestamptz NOT NULL,
    last_seen_at timestamptz,
    accepted     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (collector, order_id, seed)
);

-- ---------------------------------------------------------------------------------------------------------------------
-- The road: what came in, what was found, what could not be handled.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE raw_window (                        -- embedded road only; the Kafka road keeps its posts topic
    event_id uuid PRIMARY KEY,
    hour     timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL,
    body     bytea NOT NULL                      -- the record, encrypted under the hour's key
);
CREATE INDEX raw_window_seen ON raw_window (seen_at);

CREATE TABLE analyses (                          -- one row per analysed version, without text
    event_id    uuid PRIMARY KEY,
    post_id     uuid NOT NULL,
    revision    bigint NOT NULL,
    source      text NOT NULL,
    flagged     boolean NOT NULL,
    score       real NOT NULL,
    category    text NOT NULL,
    level       text NOT NULL,
    genre       text NOT NULL,
    lang        text NOT NULL,
    model       text NOT NULL,
    terms       text NOT NULL,
    settings    text NOT NULL,
    analysed_at timestamptz NOT NULL
);
CREATE INDEX analyses_age ON analyses (analysed_at);

CREATE TABLE post_heads (                        -- newest revision per post: older ones and replays are dropped
    post_id   uuid PRIMARY KEY,
    revision  bigint NOT NULL,
    event_id  uuid NOT NULL,
    removed   boolean NOT NULL DEFAULT false,    -- a removal wins over any older version
    signal_id uuid,
    seen_at   timestamptz NOT NULL
);
CREATE INDEX post_heads_age ON post_heads (seen_at);

CREATE TABLE consumer_offsets (
    consumer_group text NOT NULL,
    topic          text NOT NULL,
    partition      integer NOT NULL,
    next_offset    bigint NOT NULL,
    epoch          bigint NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition)
);

CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     uuid NOT NULL UNIQUE,
    topic        text NOT NULL,
    key          text NOT NULL,
    body         jsonb NOT NULL,                 -- never a text, a user or a link
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE dead_letters (
    id            uuid PRIMARY KEY,              -- derived from step and content, so that a repeat counts once
    reason        text NOT NULL,
    step          text NOT NULL,
    source_kind   text NOT NULL,
    size          bigint NOT NULL,
    sha256        text NOT NULL,
    field_path    text NOT NULL,
    code_location text NOT NULL,
    happened_at   timestamptz NOT NULL,
    hour          timestamptz NOT NULL,
    bytes         bytea,                         -- at most 64 KiB, encrypted under the hour's key
    state         text NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'retried', 'discarded'))
);
CREATE INDEX dead_letters_age ON dead_letters (happened_at);

CREATE TABLE settings_versions (
    version     text PRIMARY KEY,
    body        jsonb NOT NULL,
    author      uuid REFERENCES users,           -- null: shipped with the product
    reason      text NOT NULL,
    approved_by uuid REFERENCES users,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (author IS NULL OR (approved_by IS NOT NULL AND approved_by <> author))
);

CREATE TABLE active_settings (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    version      text NOT NULL REFERENCES settings_versions,
    activated_at timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------------------------------------------------------------
-- Signals: what the team reads. A signal is a text that was flagged (or a tip), with one sighting per post that says it.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE signals (
    id                uuid PRIMARY KEY,          -- keyed hash of the text's fingerprint (signals.ids)
    number            bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    lane              text NOT NULL CHECK (lane IN ('urgent', 'ordinary', 'tip')),
    state             text NOT NULL CHECK (state IN ('new', 'waiting_second', 'casusoverleg', 'parked', 'confirmed',
                                                     'rejected', 'expired', 'referred', 'closed')),
    category          text NOT NULL,
    level             text NOT NULL CHECK (level IN ('uiting', 'aandacht', 'concreet', 'acuut')),
    level_rank        smallint NOT NULL GENERATED ALWAYS AS
        (CASE level WHEN 'acuut' THEN 0 WHEN 'concreet' THEN 1 WHEN 'aandacht' THEN 2 ELSE 3 END) STORED,
    imminent          boolean NOT NULL,
    genre             text NOT NULL,
    lang              text NOT NULL,
    source            text NOT NULL,
    sightings         integer NOT NULL DEFAULT 0,
    posted_at         timestamptz,
    seen_at           timestamptz NOT NULL,
    queued_at         timestamptz NOT NULL DEFAULT now(),
    window_start      timestamptz,
    window_end        timestamptz,
    source_removed_at timestamptz,               -- 'bron verwijderd'
    source_edited_at  timestamptz,
    reopened_from     uuid REFERENCES signals,
    changed_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX signals_queue ON signals (state, level_rank, window_end, queued_at);
CREATE INDEX signals_age ON signals (changed_at);

CREATE TABLE sightings (                         -- the posts behind a signal; texts go as promise 5 says
    post_id    uuid PRIMARY KEY,
    signal_id  uuid NOT NULL REFERENCES signals,
    event_id   uuid NOT NULL,
    revision   bigint NOT NULL,
    source     text NOT NULL,
    order_id   uuid REFERENCES orders,
    posted_at  timestamptz,
    seen_at    timestamptz NOT NULL,
    text       text,                             -- masked; null once it had to go
    analysis   jsonb NOT NULL,                   -- signals.analysis.Analysis; emptied of spans and names with the text
    link_hash  text,
    link_box   bytea,
    names_box  bytea
);
CREATE INDEX sightings_signal ON sightings (signal_id);
CREATE INDEX sightings_link ON sightings (link_hash) WHERE link_hash IS NOT NULL;

CREATE TABLE link_keys (                         -- deleting a row shreds the link or the names; not in ordinary backups
    post_id     uuid NOT NULL,
    purpose     text NOT NULL CHECK (purpose IN ('link', 'names')),
    key_day     date NOT NULL,
    wrapped_key bytea NOT NULL,
    PRIMARY KEY (post_id, purpose)
);

CREATE TABLE signal_places (
    signal_id uuid NOT NULL REFERENCES signals,
    place_id  text NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('school', 'area', 'station', 'street', 'city')),
    name      text NOT NULL,
    added_by  uuid REFERENCES users,             -- null: found by the machine
    PRIMARY KEY (signal_id, place_id)
);
CREATE INDEX signal_places_place ON signal_places (place_id);

CREATE TABLE claims (
    signal_id  uuid PRIMARY KEY REFERENCES signals,
    user_id    uuid NOT NULL REFERENCES users,
    claimed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE signal_events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    signal_id  uuid NOT NULL REFERENCES signals,
    at         timestamptz NOT NULL,
    step       text NOT NULL,
    from_state text,
    to_state   text NOT NULL,
    user_id    uuid REFERENCES users,            -- null: the machine
    detail     jsonb NOT NULL DEFAULT '{}'       -- codes and ids only
);
CREATE INDEX signal_events_signal ON signal_events (signal_id, id);

CREATE TABLE assessments (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    signal_id  uuid NOT NULL REFERENCES signals,
    reading    smallint NOT NULL CHECK (reading BETWEEN 1 AND 3),   -- 1 first, 2 blind second, 3 after casusoverleg
    user_id    uuid NOT NULL REFERENCES users,
    police     boolean NOT NULL,                 -- as the user was at that moment
    verdict    text NOT NULL CHECK (verdict IN ('confirm', 'reject', 'park')),
    reason     text NOT NULL,
    category   text NOT NULL,
    level      text NOT NULL,
    duiding    text NOT NULL DEFAULT '' CHECK (length(duiding) <= 1000),
    created_at timestamptz NOT NULL,
    UNIQUE (signal_id, reading),
    UNIQUE (signal_id, user_id)                  -- nobody reads the same signal twice
);

-- ---------------------------------------------------------------------------------------------------------------------
-- The directory and the referrals.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE organisations (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name         text NOT NULL UNIQUE,
    kind         text NOT NULL CHECK (kind IN ('school', 'police', 'municipality', 'field', 'help', 'escalation')),
    municipality text NOT NULL,
    police_unit  text
);

CREATE TABLE agreements (                        -- no valid agreement: nothing is received
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisations,
    purpose         text NOT NULL,
    fields          text[] NOT NULL,             -- signals.referral.Field values
    starts_on       date NOT NULL,
    ends_on         date NOT NULL
);

CREATE TABLE contacts (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisations,
    user_id         uuid REFERENCES users,       -- who opens the portal
    kind            text NOT NULL CHECK (kind IN ('school', 'police', 'municipality', 'field', 'help', 'escalation')),
    role_name       text NOT NULL,               -- 'wijkagent', 'coördinator Veilig Leefklimaat' …
    display_name    text NOT NULL,
    email           text NOT NULL,
    phone           text,
    review_on       date NOT NULL,
    active          boolean NOT NULL DEFAULT true
);
CREATE INDEX contacts_user ON contacts (user_id);

CREATE TABLE contact_places (
    contact_id uuid NOT NULL REFERENCES contacts,
    place_id   text NOT NULL,
    PRIMARY KEY (contact_id, place_id)
);
CREATE INDEX contact_places_place ON contact_places (place_id);

CREATE TABLE corridors (                         -- which schools a station or area concerns; kept by coordinators
    place_id    text NOT NULL,
    school_id   text NOT NULL,
    kept_by     uuid NOT NULL REFERENCES users,
    reviewed_on date NOT NULL,
    PRIMARY KEY (place_id, school_id)
);

CREATE TABLE referrals (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    signal_id    uuid NOT NULL REFERENCES signals,
    contact_id   uuid NOT NULL REFERENCES contacts,
    kind         text NOT NULL CHECK (kind IN ('school', 'police', 'municipality', 'field', 'help', 'escalation')),
    agreement_id uuid NOT NULL REFERENCES agreements,
    place_notice boolean NOT NULL DEFAULT false, -- the acuut exception: one reader, no excerpt
    why          text NOT NULL,                  -- the routing rule in words
    state        text NOT NULL DEFAULT 'prepared' CHECK (state IN ('prepared', 'held', 'sent', 'received', 'read',
                                                     'acknowledged', 'fed_back', 'withdrawn', 'failed')),
    prepared_by  uuid NOT NULL REFERENCES users,
    prepared_at  timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    called_at    timestamptz,                    -- 'gebeld'
    -- What this recipient may see, cut to its row of the table, its agreement and the switches. Null: may not see it.
    theme        text,
    category     text,
    level        text,
    places       text[],
    window_start timestamptz,
    window_end   timestamptz,
    excerpt      text CHECK (length(excerpt) <= 280),
    link_allowed boolean NOT NULL DEFAULT false,
    duiding      text,
    UNIQUE (signal_id, contact_id),
    CHECK (NOT place_notice OR (excerpt IS NULL AND NOT link_allowed))
);
CREATE INDEX referrals_contact ON referrals (contact_id, state);

CREATE TABLE referral_events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals,
    at          timestamptz NOT NULL,
    from_state  text,
    to_state    text NOT NULL,
    user_id     uuid REFERENCES users,
    detail      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX referral_events_referral ON referral_events (referral_id, id);

CREATE TABLE feedback (
    referral_id uuid PRIMARY KEY REFERENCES referrals,
    outcome     text NOT NULL CHECK (outcome IN
        ('visibly_present', 'nothing_found', 'talk_held', 'false_signal', 'handed_over')),
    user_id     uuid NOT NULL REFERENCES users,
    given_at    timestamptz NOT NULL
);

CREATE TABLE notices (                           -- what the dispatcher still has to tell; no content in any of them
    id           uuid PRIMARY KEY,               -- derived from referral, kind and channel, so that none is told twice
    referral_id  uuid NOT NULL REFERENCES referrals,
    kind         text NOT NULL CHECK (kind IN ('new', 'withdrawn', 'status', 'reminder')),
    channel      text NOT NULL CHECK (channel IN ('email')),
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL,
    last_problem text NOT NULL DEFAULT '',       -- a code, never a server's words
    sent_at      timestamptz
);
CREATE INDEX notices_waiting ON notices (next_try_at) WHERE state = 'waiting';

-- ---------------------------------------------------------------------------------------------------------------------
-- The trail: append-only, hash-chained per installation, one segment a day. No text, no link, no name in it.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE trail (
    seq       bigint PRIMARY KEY,
    day       date NOT NULL,
    payload   text NOT NULL,                     -- JSON array: seq, at, actor, action, subject kind, subject id, detail
    prev_hash bytea NOT NULL,
    hash      bytea NOT NULL
);
CREATE INDEX trail_day ON trail (day);

-- ---------------------------------------------------------------------------------------------------------------------
-- Functions. Those that must see past the caller's own rows run as the owner and answer one narrow question.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('seinpost.user_id', true), '')::uuid;

CREATE FUNCTION has_role(wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM user_roles r JOIN users u ON u.id = r.user_id
                   WHERE r.user_id = acting_user() AND r.role = wanted AND u.disabled_at IS NULL) $$;

CREATE FUNCTION attached(reader uuid, signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Is this user attached to a school that the signal names? Then the user is only a recipient for it.
    SELECT EXISTS (SELECT 1 FROM signal_places p JOIN user_roles r
                     ON r.scope_kind = 'school' AND r.scope_id = p.place_id AND r.user_id = reader
                   WHERE p.signal_id = signal AND p.kind = 'school') $$;

CREATE FUNCTION has_read(reader uuid, signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = signal AND a.user_id = reader) $$;

CREATE FUNCTION signal_state(signal uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$ SELECT state FROM signals WHERE id = signal $$;

CREATE FUNCTION my_contact(contact uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM contacts c JOIN users u ON u.id = c.user_id
                   WHERE c.id = contact AND c.user_id = acting_user() AND c.active AND u.disabled_at IS NULL) $$;

CREATE FUNCTION agreement_valid(agreement uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM agreements a WHERE a.id = agreement AND current_date BETWEEN a.starts_on AND a.ends_on) $$;

CREATE FUNCTION trail_append(action text, subject_kind text, subject_id text, detail jsonb, at timestamptz)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    last trail%ROWTYPE;
    number bigint;
    body text;
    before bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('seinpost.trail'));
    SELECT * INTO last FROM trail ORDER BY seq DESC LIMIT 1;
    number := coalesce(last.seq, 0) + 1;
    before := coalesce(last.hash, sha256('seinpost'));
    body := jsonb_build_array(number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                              coalesce(acting_user()::text, session_user), action, subject_kind, subject_id, detail)::text;
    INSERT INTO trail VALUES (number, (at AT TIME ZONE 'UTC')::date, body, before, sha256(before || convert_to(body, 'UTF8')));
    RETURN number;
END $$;

CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$;
CREATE TRIGGER trail_append_only BEFORE UPDATE ON trail FOR EACH ROW EXECUTE FUNCTION trail_is_append_only();

CREATE FUNCTION assessment_is_independent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF attached(NEW.user_id, NEW.signal_id) THEN
        RAISE EXCEPTION 'a reader attached to a school that the signal names cannot judge it' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_independent BEFORE INSERT ON assessments
    FOR EACH ROW EXECUTE FUNCTION assessment_is_independent();

-- Promise 1: nothing leaves without two named readers who confirm, at least one not police, neither attached to the school.
CREATE FUNCTION referral_has_two_readers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    readers integer;
    not_police integer;
BEGIN
    SELECT count(DISTINCT a.user_id), count(DISTINCT a.user_id) FILTER (WHERE NOT a.police)
      INTO readers, not_police
      FROM assessments a
     WHERE a.signal_id = NEW.signal_id AND a.verdict = 'confirm' AND NOT attached(a.user_id, NEW.signal_id);
    IF NEW.place_notice THEN
        IF readers < 1 OR NOT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = NEW.signal_id
                                         AND a.verdict = 'confirm' AND a.level = 'acuut') THEN
            RAISE EXCEPTION 'a place notice needs one reader who confirms it as acuut' USING ERRCODE = '42501';
        END IF;
    ELSIF readers < 2 OR not_police < 1 THEN
        RAISE EXCEPTION 'a referral needs two readers who confirm, at least one of them not police' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_two_readers BEFORE INSERT OR UPDATE OF place_notice, excerpt, signal_id ON referrals
    FOR EACH ROW EXECUTE FUNCTION referral_has_two_readers();

CREATE FUNCTION order_has_two_approvers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NEW.state = 'in_force' AND (SELECT count(*) FROM order_approvals a
            WHERE a.order_id = NEW.id AND a.user_id <> NEW.drafted_by) < 2 THEN
        RAISE EXCEPTION 'an order is in force only after two users who did not draft it approved it' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_two_approvers BEFORE INSERT OR UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION order_has_two_approvers();

CREATE FUNCTION tell_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('seinpost_queue', ''); RETURN NULL; END $$;
CREATE TRIGGER signals_changed AFTER INSERT OR UPDATE ON signals FOR EACH STATEMENT EXECUTE FUNCTION tell_queue();
CREATE TRIGGER claims_changed AFTER INSERT OR UPDATE OR DELETE ON claims FOR EACH STATEMENT EXECUTE FUNCTION tell_queue();

CREATE FUNCTION tell_dispatch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('seinpost_notices', ''); RETURN NULL; END $$;
CREATE TRIGGER notices_added AFTER INSERT ON notices FOR EACH STATEMENT EXECUTE FUNCTION tell_dispatch();

CREATE FUNCTION tell_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('seinpost_settings', NEW.version); RETURN NULL; END $$;
CREATE TRIGGER settings_activated AFTER INSERT OR UPDATE ON active_settings FOR EACH ROW EXECUTE FUNCTION tell_settings();

-- Sign-in happens before there is an acting user; these two answer just what it needs.
CREATE FUNCTION session_user_of(hash bytea, at timestamptz) RETURNS TABLE (user_id uuid, csrf text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT s.user_id, s.csrf FROM web_sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token_hash = hash AND s.expires_at > at AND u.disabled_at IS NULL $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security: on and forced for every table; the owner (migrations, definer functions) has one policy each.
-- ---------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost' LOOP
        EXECUTE format('ALTER TABLE seinpost.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE seinpost.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner ON seinpost.%I TO seinpost_owner USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- The road (embedded: collects and analyses too).
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['raw_window', 'analyses', 'post_heads', 'consumer_offsets', 'outbox', 'dead_letters',
                             'signals', 'sightings', 'link_keys', 'signal_places', 'signal_events', 'cursors',
                             'source_health'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON seinpost.%I TO seinpost_road', t);
        EXECUTE format('CREATE POLICY road ON seinpost.%I TO seinpost_road USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['sightings', 'link_keys', 'signal_places', 'raw_window'] LOOP
        EXECUTE format('GRANT DELETE ON seinpost.%I TO seinpost_road', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['orders', 'order_approvals', 'seeds', 'settings_versions', 'active_settings', 'assessments'] LOOP
        EXECUTE format('GRANT SELECT ON seinpost.%I TO seinpost_road', t);
        EXECUTE format('CREATE POLICY road ON seinpost.%I FOR SELECT TO seinpost_road USING (true)', t);
    END LOOP;
    GRANT SELECT (signal_id, expires_at) ON seinpost.claims TO seinpost_road;
    CREATE POLICY road ON seinpost.claims FOR SELECT TO seinpost_road USING (true);
    FOREACH t IN ARRAY ARRAY['orders', 'order_approvals', 'seeds'] LOOP
        EXECUTE format('GRANT SELECT ON seinpost.%I TO seinpost_collect', t);
        EXECUTE format('CREATE POLICY collect ON seinpost.%I FOR SELECT TO seinpost_collect USING (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['cursors', 'source_health'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON seinpost.%I TO seinpost_collect', t);
        EXECUTE format('CREATE POLICY collect ON seinpost.%I TO seinpost_collect USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- The relay publishes the outbox and follows the settings.
GRANT SELECT, UPDATE (published_at) ON outbox TO seinpost_relay;
CREATE POLICY relay ON outbox TO seinpost_relay USING (true) WITH CHECK (true);
GRANT SELECT ON settings_versions, active_settings TO seinpost_relay;
CREATE POLICY relay ON settings_versions FOR SELECT TO seinpost_relay USING (true);
CREATE POLICY relay ON active_settings FOR SELECT TO seinpost_relay USING (true);

-- The dispatcher tells recipients that something waits for them; it sees no excerpt and no duiding.
GRANT SELECT, UPDATE ON notices TO seinpost_dispatch;
CREATE POLICY dispatch ON notices TO seinpost_dispatch USING (true) WITH CHECK (true);
GRANT SELECT (id, signal_id, contact_id, agreement_id, kind, state, place_notice, category, theme, level, places, window_start, window_end,
              expires_at), UPDATE (state) ON referrals TO seinpost_dispatch;
CREATE POLICY dispatch ON referrals TO seinpost_dispatch USING (true) WITH CHECK (true);
GRANT SELECT (id, email, active, kind) ON contacts TO seinpost_dispatch;
CREATE POLICY dispatch ON contacts FOR SELECT TO seinpost_dispatch USING (true);
GRANT SELECT, INSERT ON referral_events TO seinpost_dispatch;
CREATE POLICY dispatch ON referral_events TO seinpost_dispatch USING (true) WITH CHECK (true);

-- The unseal service opens a link or a name, after it wrote the trail.
GRANT SELECT (post_id, signal_id, revision, link_box, names_box) ON sightings TO seinpost_unseal;
CREATE POLICY unseal ON sightings FOR SELECT TO seinpost_unseal USING (true);
GRANT SELECT ON link_keys TO seinpost_unseal;
CREATE POLICY unseal ON link_keys FOR SELECT TO seinpost_unseal USING (true);
GRANT SELECT ON user_roles, users TO seinpost_unseal;
CREATE POLICY unseal ON user_roles FOR SELECT TO seinpost_unseal USING (true);
CREATE POLICY unseal ON users FOR SELECT TO seinpost_unseal USING (true);

-- The web server before anyone signed in: passwords, sessions, failures. It sees no signal in this role.
GRANT SELECT ON users, user_roles TO seinpost_web;
CREATE POLICY web ON users FOR SELECT TO seinpost_web USING (true);
CREATE POLICY web ON user_roles FOR SELECT TO seinpost_web USING (true);
GRANT UPDATE (password_hash) ON users TO seinpost_web;
CREATE POLICY web_rehash ON users FOR UPDATE TO seinpost_web USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON web_sessions TO seinpost_web;
CREATE POLICY web ON web_sessions TO seinpost_web USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON sign_in_failures TO seinpost_web;
CREATE POLICY web ON sign_in_failures TO seinpost_web USING (true) WITH CHECK (true);

-- Experts: all signals but those that name their own school; other readers' judgements only after their own.
GRANT SELECT ON signals, signal_places, claims, signal_events, assessments, organisations, agreements, contacts,
    contact_places, corridors, referrals, referral_events, feedback, notices, orders, order_approvals, cursors,
    source_health, settings_versions, active_settings TO seinpost_expert;
GRANT SELECT (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, text, analysis) ON sightings
    TO seinpost_expert;
GRANT SELECT (id, display_name, pseudonym, police, languages) ON users TO seinpost_expert;
GRANT UPDATE (state, category, level, lane, imminent, changed_at, window_start, window_end) ON signals TO seinpost_expert;
GRANT INSERT, DELETE ON signal_places TO seinpost_expert;
GRANT INSERT, UPDATE, DELETE ON claims TO seinpost_expert;
GRANT INSERT ON signal_events, assessments, referral_events, outbox TO seinpost_expert;
GRANT INSERT, UPDATE (state, called_at, place_notice, agreement_id, theme, category, level, places, window_start, window_end,
    excerpt, link_allowed, duiding) ON referrals TO seinpost_expert;  -- a place notice grows into a full referral
GRANT INSERT, UPDATE (state, attempts, next_try_at) ON notices TO seinpost_expert;
CREATE POLICY expert_reads ON signals FOR SELECT TO seinpost_expert USING (has_role('expert') AND NOT attached(acting_user(), id));
CREATE POLICY expert_steps ON signals FOR UPDATE TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), id)) WITH CHECK (has_role('expert'));
CREATE POLICY expert ON signal_places TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id)) WITH CHECK (has_role('expert') AND added_by = acting_user());
CREATE POLICY expert ON sightings FOR SELECT TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id));
CREATE POLICY expert ON claims TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id)) WITH CHECK (has_role('expert') AND user_id = acting_user());
CREATE POLICY expert_reads ON signal_events FOR SELECT TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id));
CREATE POLICY expert_adds ON signal_events FOR INSERT TO seinpost_expert WITH CHECK (has_role('expert') AND user_id = acting_user());
-- Blind: while a signal waits for its second reader, a reader sees only his or her own judgement of it.
CREATE POLICY expert_reads ON assessments FOR SELECT TO seinpost_expert USING (
    has_role('expert') AND NOT attached(acting_user(), signal_id)
    AND (user_id = acting_user() OR signal_state(signal_id) <> 'waiting_second' OR has_read(acting_user(), signal_id)));
CREATE POLICY expert_adds ON assessments FOR INSERT TO seinpost_expert WITH CHECK (has_role('expert') AND user_id = acting_user());
CREATE POLICY expert ON referrals TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id)) WITH CHECK (has_role('expert'));
CREATE POLICY expert_reads ON referral_events FOR SELECT TO seinpost_expert USING (has_role('expert'));
CREATE POLICY expert_adds ON referral_events FOR INSERT TO seinpost_expert WITH CHECK (has_role('expert') AND user_id = acting_user());
CREATE POLICY expert_adds ON outbox FOR INSERT TO seinpost_expert WITH CHECK (has_role('expert'));
CREATE POLICY expert ON notices TO seinpost_expert USING (has_role('expert')) WITH CHECK (has_role('expert'));
CREATE POLICY expert ON feedback FOR SELECT TO seinpost_expert USING (has_role('expert'));
CREATE POLICY expert ON users FOR SELECT TO seinpost_expert USING (has_role('expert'));
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['organisations', 'agreements', 'contacts', 'contact_places', 'corridors', 'orders', 'order_approvals',
                             'cursors', 'source_health', 'settings_versions', 'active_settings'] LOOP
        EXECUTE format('CREATE POLICY expert ON seinpost.%I FOR SELECT TO seinpost_expert USING (seinpost.has_role(''expert''))', t);
    END LOOP;
END $$;

-- Recipients: one role per kind, each with one view that holds only the columns of its row of the need-to-know table.
-- A recipient role has no grant on any table that holds content; steps go through three functions that check whose it is.
CREATE FUNCTION referral_open(referral referrals) RETURNS boolean LANGUAGE sql STABLE SET search_path = seinpost AS $$
    SELECT my_contact(referral.contact_id) AND agreement_valid(referral.agreement_id) AND referral.expires_at > now()
           AND referral.state <> 'held' $$;

CREATE FUNCTION source_gone(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM signals WHERE id = signal AND source_removed_at IS NOT NULL) $$;

-- What is withdrawn shows no content; a text that is gone at its source shows no excerpt and no link.
CREATE VIEW referrals_to_me WITH (security_barrier) AS
    SELECT r.id, r.kind, r.state, r.place_notice, r.prepared_at, r.expires_at,
           CASE WHEN shown THEN r.theme END AS theme,
           CASE WHEN shown THEN r.category END AS category,
           CASE WHEN shown THEN r.level END AS level,
           CASE WHEN shown THEN r.places END AS places,
           CASE WHEN shown THEN r.window_start END AS window_start,
           CASE WHEN shown THEN r.window_end END AS window_end,
           CASE WHEN shown AND NOT source_gone(r.signal_id) THEN r.excerpt END AS excerpt,
           shown AND r.link_allowed AND NOT source_gone(r.signal_id) AS link_allowed,
           CASE WHEN shown THEN r.duiding END AS duiding
      FROM referrals r, LATERAL (SELECT r.state <> 'withdrawn' AS shown) s
     WHERE referral_open(r);

CREATE VIEW portal_school WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, category, level, places, window_start, window_end, excerpt, link_allowed, duiding
      FROM referrals_to_me WHERE kind = 'school';
CREATE VIEW portal_police WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, category, level, places, window_start, window_end, excerpt, link_allowed, duiding
      FROM referrals_to_me WHERE kind = 'police';
CREATE VIEW portal_municipality WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, category, level, places, window_start, window_end, duiding
      FROM referrals_to_me WHERE kind = 'municipality';
CREATE VIEW portal_field WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, theme, places, window_start, window_end, duiding
      FROM referrals_to_me WHERE kind = 'field';
CREATE VIEW portal_help WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, category, places, duiding
      FROM referrals_to_me WHERE kind = 'help';
CREATE VIEW portal_escalation WITH (security_barrier) AS
    SELECT id, kind, state, place_notice, prepared_at, expires_at, category, level, places, window_start, window_end, duiding
      FROM referrals_to_me WHERE kind = 'escalation';

CREATE FUNCTION link_open_to_me(referral uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    -- The signal whose link this recipient may open now, if any.
    SELECT r.signal_id FROM referrals r WHERE r.id = referral AND r.link_allowed AND r.state <> 'withdrawn'
       AND NOT source_gone(r.signal_id) AND referral_open(r) $$;

DO $$
DECLARE k text;
BEGIN
    FOREACH k IN ARRAY ARRAY['school', 'police', 'municipality', 'field', 'help', 'escalation'] LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA seinpost TO seinpost_recipient_%s', k);
        EXECUTE format('GRANT SELECT ON seinpost.portal_%s TO seinpost_recipient_%s', k, k);
    END LOOP;
END $$;

CREATE FUNCTION recipient_step(referral uuid, wanted text, moment timestamptz) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
-- Reading and acknowledging by the recipient itself. Answers the state after the step; repeats are harmless.
DECLARE r referrals%ROWTYPE;
BEGIN
    SELECT * INTO r FROM referrals WHERE id = referral AND my_contact(contact_id) FOR UPDATE;
    IF NOT FOUND OR NOT referral_open(r) THEN RAISE EXCEPTION 'no such referral' USING ERRCODE = '42501'; END IF;
    IF r.state = wanted OR r.state IN ('withdrawn', 'fed_back')
       OR (wanted = 'read' AND r.state IN ('acknowledged')) THEN RETURN r.state; END IF;
    IF NOT ((wanted = 'read' AND r.state IN ('prepared', 'sent', 'received', 'failed'))
            OR (wanted = 'acknowledged' AND r.state = 'read')) THEN
        RAISE EXCEPTION 'a referral that is % cannot become %', r.state, wanted USING ERRCODE = '22023';
    END IF;
    UPDATE referrals SET state = wanted WHERE id = referral;
    INSERT INTO referral_events (referral_id, at, from_state, to_state, user_id) VALUES (referral, moment, r.state, wanted, acting_user());
    PERFORM trail_append('referral_' || wanted, 'referral', referral::text, '{}', moment);
    RETURN wanted;
END $$;

CREATE FUNCTION recipient_feedback(referral uuid, answer text, moment timestamptz) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE r referrals%ROWTYPE;
BEGIN
    SELECT * INTO r FROM referrals WHERE id = referral AND my_contact(contact_id) FOR UPDATE;
    IF NOT FOUND OR NOT referral_open(r) THEN RAISE EXCEPTION 'no such referral' USING ERRCODE = '42501'; END IF;
    IF r.state <> 'acknowledged' THEN
        RAISE EXCEPTION 'feedback comes after acknowledging' USING ERRCODE = '22023';
    END IF;
    INSERT INTO feedback VALUES (referral, answer, acting_user(), moment);
    UPDATE referrals SET state = 'fed_back' WHERE id = referral;
    INSERT INTO referral_events (referral_id, at, from_state, to_state, user_id, detail)
        VALUES (referral, moment, r.state, 'fed_back', acting_user(), jsonb_build_object('outcome', answer));
    PERFORM trail_append('referral_fed_back', 'referral', referral::text, jsonb_build_object('outcome', answer), moment);
    RETURN 'fed_back';
END $$;

CREATE FUNCTION my_feedback(referral uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT f.outcome FROM feedback f JOIN referrals r ON r.id = f.referral_id
     WHERE f.referral_id = referral AND my_contact(r.contact_id) $$;

CREATE FUNCTION my_recipient_kinds() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT DISTINCT c.kind FROM contacts c WHERE c.user_id = acting_user() AND c.active $$;

-- Supervisors: orders, people, dead letters and the trail; no content of any signal.
GRANT SELECT, INSERT ON orders, order_approvals, seeds TO seinpost_supervisor;
GRANT UPDATE (state, stopped_at) ON orders TO seinpost_supervisor;
GRANT SELECT ON user_roles, cursors, source_health, trail, settings_versions, active_settings TO seinpost_supervisor;
GRANT SELECT (id, username, display_name, police, disabled_at, created_at) ON users TO seinpost_supervisor;
GRANT SELECT (id, reason, step, source_kind, size, sha256, field_path, code_location, happened_at, hour, state) ON dead_letters TO seinpost_supervisor;
CREATE POLICY supervisor_reads ON orders FOR SELECT TO seinpost_supervisor USING (true);
CREATE POLICY supervisor_drafts ON orders FOR INSERT TO seinpost_supervisor
    WITH CHECK (drafted_by = acting_user() AND state = 'draft' AND (has_role('admin') OR has_role('expert') OR has_role('order_approver')));
CREATE POLICY supervisor_steps ON orders FOR UPDATE TO seinpost_supervisor
    USING (has_role('order_approver') OR has_role('admin') OR has_role('board') OR has_role('fg')) WITH CHECK (true);
CREATE POLICY supervisor_reads ON order_approvals FOR SELECT TO seinpost_supervisor USING (true);
CREATE POLICY supervisor_approves ON order_approvals FOR INSERT TO seinpost_supervisor
    WITH CHECK (user_id = acting_user() AND has_role('order_approver'));
CREATE POLICY supervisor_reads ON seeds FOR SELECT TO seinpost_supervisor USING (true);
CREATE POLICY supervisor_drafts ON seeds FOR INSERT TO seinpost_supervisor WITH CHECK (acting_user() IS NOT NULL);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['user_roles', 'users', 'cursors', 'source_health', 'settings_versions', 'active_settings', 'dead_letters'] LOOP
        EXECUTE format('CREATE POLICY supervisor ON seinpost.%I FOR SELECT TO seinpost_supervisor USING (true)', t);
    END LOOP;
END $$;
CREATE POLICY supervisor ON trail FOR SELECT TO seinpost_supervisor
    USING (has_role('auditor') OR has_role('fg') OR has_role('board') OR has_role('admin'));

-- Retention deletes and empties; it reads no text.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['raw_window', 'analyses', 'post_heads', 'dead_letters', 'link_keys', 'web_sessions',
                             'sign_in_failures', 'outbox', 'claims'] LOOP
        EXECUTE format('GRANT SELECT, DELETE ON seinpost.%I TO seinpost_retention', t);
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['signals', 'sightings', 'signal_events', 'assessments', 'referrals'] LOOP
        EXECUTE format('CREATE POLICY retention ON seinpost.%I TO seinpost_retention USING (true) WITH CHECK (true)', t);
    END LOOP;
    GRANT UPDATE (bytes) ON seinpost.dead_letters TO seinpost_retention;
END $$;
GRANT SELECT (id, state, queued_at, changed_at, source_removed_at), UPDATE (state, changed_at) ON signals TO seinpost_retention;
-- Emptying asks whether there is something to empty, hence the columns; no statement of retention returns them.
GRANT SELECT (post_id, signal_id, text, link_box, names_box, link_hash, analysis), UPDATE (text, analysis, link_box, names_box, link_hash)
    ON sightings TO seinpost_retention;
GRANT SELECT (signal_id, step, at), INSERT ON signal_events TO seinpost_retention;
GRANT SELECT (signal_id, duiding), UPDATE (duiding) ON assessments TO seinpost_retention;
GRANT SELECT (id, signal_id, expires_at, excerpt, duiding), UPDATE (excerpt, duiding, link_allowed) ON referrals
    TO seinpost_retention;

-- Verifying the trail is a job of its own process, not of a person alone.
GRANT SELECT ON trail TO seinpost_retention;
CREATE POLICY retention ON trail FOR SELECT TO seinpost_retention USING (true);

-- The signed-in web server may tell the trail what was seen and done, in whatever role it acts.
GRANT EXECUTE ON FUNCTION trail_append(text, text, text, jsonb, timestamptz) TO seinpost_web, seinpost_expert, seinpost_recipient,
    seinpost_supervisor, seinpost_unseal, seinpost_dispatch, seinpost_retention, seinpost_road;
