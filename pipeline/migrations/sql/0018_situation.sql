-- The situation thread: the recipients of one signal tell each other, and the team, what they do and see. Masked, about a
-- place, and gone when nobody can see the signal any more. No row names a person; who wrote it stands on the trail alone.

SET LOCAL search_path = seinpost, public;

CREATE TABLE situation_lines (
    id          uuid PRIMARY KEY,                -- the key of the form: sent twice, it stands once
    number      bigint GENERATED ALWAYS AS IDENTITY,
    signal_id   uuid NOT NULL REFERENCES signals,
    referral_id uuid REFERENCES referrals,       -- the recipient whose line it is; null: the team's
    said        text CHECK (said IN ('on_site', 'on_our_way', 'there_in_time', 'please_call', 'found_calm',
                                     'keeping_watch', 'done_for_now', 'cannot_come')),
    body        text CHECK (length(body) BETWEEN 1 AND 280), -- masked before it comes here
    at          timestamptz NOT NULL,
    CHECK ((said IS NULL) <> (body IS NULL))
);
CREATE INDEX situation_lines_signal ON situation_lines (signal_id, number);

-- The signal whose thread this recipient takes part in now, if any: its page is open to it, nothing was withdrawn, and it is
-- a school or the police, or its agreement says so. Sexual harm has no thread: there, category and place is all there is.
CREATE FUNCTION situation_of(referral uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT r.signal_id FROM referrals r JOIN signals s ON s.id = r.signal_id
     WHERE r.id = referral AND referral_open(r) AND r.state <> 'withdrawn' AND s.category <> 'sexual'
       AND (r.kind IN ('school', 'police')
            OR EXISTS (SELECT 1 FROM agreements a WHERE a.id = r.agreement_id AND 'thread' = ANY (a.fields))) $$;

-- Can anything be added? Not before it left, not once it ended or was withdrawn: then nobody listens any more.
CREATE FUNCTION situation_goes_on(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM signals s JOIN referrals r ON r.signal_id = s.id
                    WHERE s.id = signal AND s.state IN ('waiting_second', 'casusoverleg', 'confirmed', 'referred')
                      AND s.category <> 'sexual' AND r.state NOT IN ('held', 'withdrawn') AND r.expires_at > now()) $$;

-- The team reads along, but nobody who may still have to read the signal blind.
CREATE FUNCTION situation_open_to_team(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT has_role('expert') AND NOT attached(acting_user(), signal)
           AND (has_read(acting_user(), signal) OR informed(acting_user(), signal) OR blindness_over(signal)) $$;

-- The thread as one recipient may read it. Who spoke: the kind, and a number to tell two of a kind apart. The organisation
-- and the role's name only where they tell nothing that the reader's own row does not hold: its own organisation; one that
-- is no school and was told of no other place than the reader; and a school that the reader's row names.
CREATE FUNCTION situation_to_me(referral uuid)
    RETURNS TABLE (at timestamptz, kind text, own boolean, voice integer, organisation text, role_name text, said text, body text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    WITH me AS (SELECT r.signal_id, r.places, c.organisation_id FROM referrals r JOIN contacts c ON c.id = r.contact_id
                 WHERE r.id = referral AND situation_of(referral) IS NOT NULL),
         lines AS (SELECT l.number, l.at, l.said, l.body, w.id AS writer, coalesce(w.kind, 'team') AS kind, c.id AS contact,
                          c.role_name, o.id AS office, o.name,
                          min(l.number) OVER (PARTITION BY w.kind, o.id) AS first,
                          o.id = me.organisation_id
                          OR (w.kind <> 'school' AND w.places <@ me.places)
                          OR (w.kind = 'school' AND EXISTS (
                              SELECT 1 FROM contact_places cp
                                JOIN signal_places p ON p.place_id = cp.place_id AND p.signal_id = me.signal_id AND p.kind = 'school'
                               WHERE cp.contact_id = c.id AND p.name = ANY (me.places))) AS named
                     FROM me JOIN situation_lines l ON l.signal_id = me.signal_id
                     LEFT JOIN referrals w ON w.id = l.referral_id
                     LEFT JOIN contacts c ON c.id = w.contact_id
                     LEFT JOIN organisations o ON o.id = c.organisation_id)
    SELECT l.at, l.kind, coalesce(l.writer = referral, false),
           dense_rank() OVER (PARTITION BY l.kind ORDER BY l.first)::integer,
           CASE WHEN l.named THEN l.name END, CASE WHEN l.named THEN l.role_name END, l.said, l.body
      FROM lines l ORDER BY l.number $$;

-- The thread at a glance, for the recipient's own page: no row where it takes no part. `chooses`: no words of its own.
CREATE FUNCTION situation_at_a_glance(referral uuid, OUT goes_on boolean, OUT chooses boolean, OUT lines bigint, OUT latest timestamptz)
    RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT situation_goes_on(r.signal_id),
           r.kind = 'police' OR EXISTS (SELECT 1 FROM users u WHERE u.id = acting_user() AND u.police),
           (SELECT count(*) FROM situation_lines l WHERE l.signal_id = r.signal_id),
           (SELECT max(l.at) FROM situation_lines l WHERE l.signal_id = r.signal_id)
      FROM referrals r WHERE r.id = referral AND situation_of(referral) IS NOT NULL $$;

-- Adds a line for whom the two functions below let through. Answers 'said', 'again', 'closed', 'full' or 'too_long'.
-- Names of schools are taken out here, where the directory can be read: who reads along may not know of that school.
CREATE FUNCTION situation_write(signal uuid, referral uuid, writer text, key uuid, code text, words text, moment timestamptz)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    cleaned text := words;
    school  text;
BEGIN
    IF (code IS NULL) = (words IS NULL) THEN
        RAISE EXCEPTION 'a line is one of the closed messages, or words' USING ERRCODE = '22023';
    END IF;
    IF words IS NOT NULL AND (writer = 'police' OR EXISTS (SELECT 1 FROM users u WHERE u.id = acting_user() AND u.police)) THEN
        RAISE EXCEPTION 'the police choose from the closed messages' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('seinpost.situation'), hashtext(signal::text));
    IF EXISTS (SELECT 1 FROM situation_lines l WHERE l.id = key) THEN RETURN 'again'; END IF;
    IF NOT situation_goes_on(signal) THEN RETURN 'closed'; END IF;
    IF (SELECT count(*) >= 100 OR count(*) FILTER (WHERE l.referral_id = referral) >= 30
          FROM situation_lines l WHERE l.signal_id = signal) THEN
        RETURN 'full';
    END IF;
    FOR school IN
        SELECT n.name FROM (SELECT o.name FROM organisations o WHERE o.kind = 'school'
                            UNION SELECT p.name FROM signal_places p WHERE p.signal_id = signal AND p.kind = 'school') AS n
         WHERE length(n.name) > 2 AND position(lower(n.name) IN lower(words)) > 0 ORDER BY length(n.name) DESC LIMIT 50
    LOOP
        cleaned := regexp_replace(cleaned, '(?<!\w)' || regexp_replace(school, '([^\w\s])', '\\\1', 'g') || '(?!\w)', '[school]', 'gi');
    END LOOP;
    IF length(cleaned) > 280 THEN RETURN 'too_long'; END IF;
    INSERT INTO situation_lines (id, signal_id, referral_id, said, body, at) VALUES (key, signal, referral, code, cleaned, moment);
    PERFORM trail_append('situation_line', 'signal', signal::text,
                         jsonb_build_object('by', writer, 'closed_message', code IS NOT NULL), moment);
    RETURN 'said';
END $$;

CREATE FUNCTION situation_say(referral uuid, key uuid, code text, words text, moment timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE signal uuid := situation_of(referral);
BEGIN
    IF signal IS NULL THEN RAISE EXCEPTION 'no such thread' USING ERRCODE = '42501'; END IF;
    RETURN situation_write(signal, referral, (SELECT r.kind FROM referrals r WHERE r.id = referral), key, code, words, moment);
END $$;

CREATE FUNCTION situation_say_as_team(signal uuid, key uuid, code text, words text, moment timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NOT situation_open_to_team(signal) THEN RAISE EXCEPTION 'no such thread' USING ERRCODE = '42501'; END IF;
    RETURN situation_write(signal, NULL, 'team', key, code, words, moment);
END $$;

ALTER TABLE situation_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE situation_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON situation_lines TO seinpost_owner USING (true) WITH CHECK (true);
GRANT SELECT ON situation_lines TO seinpost_expert;
CREATE POLICY expert_reads ON situation_lines FOR SELECT TO seinpost_expert USING (situation_open_to_team(signal_id));
GRANT SELECT (signal_id), DELETE ON situation_lines TO seinpost_retention;
GRANT SELECT (state) ON referrals TO seinpost_retention;
CREATE POLICY retention ON situation_lines TO seinpost_retention USING (true);

REVOKE EXECUTE ON FUNCTION situation_of(uuid), situation_goes_on(uuid), situation_open_to_team(uuid), situation_to_me(uuid),
    situation_at_a_glance(uuid), situation_write(uuid, uuid, text, uuid, text, text, timestamptz),
    situation_say(uuid, uuid, text, text, timestamptz), situation_say_as_team(uuid, uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION situation_to_me(uuid), situation_at_a_glance(uuid),
    situation_say(uuid, uuid, text, text, timestamptz) TO seinpost_recipient;
GRANT EXECUTE ON FUNCTION situation_goes_on(uuid), situation_open_to_team(uuid),
    situation_say_as_team(uuid, uuid, text, text, timestamptz) TO seinpost_expert;
