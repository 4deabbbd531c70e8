-- What a person parts and what comes again: rows locked in the order of the road, facts told by the words that stand
-- there, and a signal that came again counted on one day.

SET LOCAL search_path = seinpost, public;

-- Brings a signal that nobody has read yet in line with its posts: the newest version in its own words speaks, else the
-- newest in other words that say the same. The road does it the same way for every post that comes or goes.
CREATE FUNCTION settle_unread(signal uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE
    told sightings%ROWTYPE;
    said jsonb;
BEGIN
    UPDATE signals s SET sightings = (SELECT count(*) FROM sightings g WHERE g.signal_id = s.id AND g.post_id <> g.event_id)
     WHERE s.id = signal;
    SELECT g.* INTO told FROM sightings g JOIN signals s ON s.id = g.signal_id
     WHERE g.signal_id = signal AND g.post_id <> g.event_id AND g.text IS NOT NULL AND s.state = 'new'
       AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = s.id)
     ORDER BY g.own_signal IS NOT NULL, g.revision DESC, g.event_id DESC LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    said := told.analysis;
    UPDATE signals s
       SET category = said ->> 'category', level = said ->> 'level', imminent = (said ->> 'imminent')::boolean,
           genre = said ->> 'genre', lang = said ->> 'lang', source = told.source, posted_at = told.posted_at,
           seen_at = told.seen_at, changed_at = moment,
           window_start = (said -> 'window' ->> 'start')::timestamptz, window_end = (said -> 'window' ->> 'end')::timestamptz,
           lane = CASE WHEN said ->> 'level' = 'acuut' OR (said ->> 'imminent')::boolean THEN 'urgent'
                       WHEN told.source IN ('tip', 'observation') THEN 'tip' ELSE 'ordinary' END
     WHERE s.id = signal;
    DELETE FROM signal_places p WHERE p.signal_id = signal AND p.added_by IS NULL
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(said -> 'places') AS m WHERE m ->> 'id' = p.place_id);
    INSERT INTO signal_places (signal_id, place_id, kind, name)
    SELECT signal, m ->> 'id', min(m ->> 'kind'), min(m ->> 'name') FROM jsonb_array_elements(said -> 'places') AS m
     GROUP BY m ->> 'id'
    ON CONFLICT (signal_id, place_id) DO NOTHING;
END $$;

-- One try. Heads, sightings and then the signal, each in the order of their ids, as a post that comes in takes them:
-- nobody waits in a ring. What was looked up before the signal was ours is looked up again.
CREATE FUNCTION try_to_part(signal uuid, post uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    stood signals%ROWTYPE;
    told  sightings%ROWTYPE;
    own   uuid;
    posts uuid[];
BEGIN
    SELECT array_agg(o.post_id) INTO posts FROM sightings g JOIN sightings o ON o.signal_id = signal AND o.own_signal = g.own_signal
     WHERE g.signal_id = signal AND g.post_id = post;
    PERFORM 1 FROM post_heads h WHERE h.post_id = ANY (posts) ORDER BY h.post_id FOR UPDATE;
    PERFORM 1 FROM sightings g WHERE g.post_id = ANY (posts) ORDER BY g.post_id FOR UPDATE;
    SELECT * INTO stood FROM signals s WHERE s.id = signal FOR UPDATE;
    IF NOT FOUND OR stood.state NOT IN ('new', 'waiting_second', 'casusoverleg') THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM claims c WHERE c.signal_id = signal AND c.expires_at > moment AND c.user_id <> acting_user()) THEN
        RETURN NULL;
    END IF;
    SELECT g.own_signal INTO own FROM sightings g
     WHERE g.signal_id = signal AND g.post_id = post AND g.post_id <> g.event_id AND g.text IS NOT NULL;
    IF own IS NULL OR EXISTS (SELECT 1 FROM signals s WHERE s.id = own) OR NOT EXISTS (
        SELECT 1 FROM sightings g WHERE g.signal_id = signal AND g.own_signal IS DISTINCT FROM own AND g.text IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO told FROM sightings g WHERE g.signal_id = signal AND g.own_signal = own AND g.post_id <> g.event_id
     ORDER BY g.revision DESC, g.event_id DESC LIMIT 1;
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, posted_at, seen_at, queued_at,
                         resumed_at, changed_at)
    VALUES (own, 'ordinary', 'new', told.analysis ->> 'category', told.analysis ->> 'level',
            (told.analysis ->> 'imminent')::boolean, told.analysis ->> 'genre', told.analysis ->> 'lang', told.source,
            told.posted_at, told.seen_at, stood.queued_at, moment, moment);
    UPDATE sightings g SET signal_id = own WHERE g.signal_id = signal AND g.own_signal = own;
    UPDATE sightings g SET own_signal = NULL WHERE g.signal_id = own;
    UPDATE post_heads h SET signal_id = own FROM sightings g WHERE g.signal_id = own AND h.post_id = g.post_id;
    PERFORM settle_unread(signal, moment), settle_unread(own, moment);
    -- It came when the card came: that is the day on which it is counted, also when it goes and comes again.
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state, user_id, detail) VALUES
        (own, stood.queued_at, 'arrive', NULL, 'new', NULL, '{}'),
        (signal, moment, 'part', stood.state, stood.state, acting_user(), '{}');
    PERFORM trail_append('sighting_parted', 'signal', signal::text, jsonb_build_object('became', own::text), moment);
    RETURN own;
END $$;

-- 'Dit hoort er niet bij', as before. Should somebody be in the way all the same, what was locked is let go and it is
-- tried again.
CREATE OR REPLACE FUNCTION part_sighting(signal uuid, post uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NOT has_role('expert') OR attached(acting_user(), signal) THEN
        RAISE EXCEPTION 'only an expert of this signal parts it' USING ERRCODE = '42501';
    END IF;
    FOR attempt IN 1 .. 4 LOOP
        BEGIN
            RETURN try_to_part(signal, post, moment);
        EXCEPTION WHEN deadlock_detected OR unique_violation THEN
            IF attempt = 4 THEN RAISE; END IF;
        END;
    END LOOP;
END $$;

-- A signal that expired and came again moved to another day; the days on which it came before are counted anew as well.
CREATE OR REPLACE FUNCTION count_signal_days(moment timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
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
            SELECT (e.at AT TIME ZONE 'Europe/Amsterdam')::date FROM signals s
              JOIN signal_events e ON e.signal_id = s.id AND e.step IN ('arrive', 'sight_again')
             WHERE s.changed_at >= since
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

-- What was counted twice before: all days anew, at the next count. What was told stays as it was told.
DELETE FROM signal_days_counted;

REVOKE EXECUTE ON FUNCTION settle_unread(uuid, timestamptz), try_to_part(uuid, uuid, timestamptz) FROM PUBLIC;
