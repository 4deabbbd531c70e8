-- Joining: a post that says the same in other words stands at the signal that was there first, until a person parts them.

SET LOCAL search_path = seinpost, public;

-- The signal that the words of this post alone would be; null where they are the signal's own words.
ALTER TABLE sightings ADD COLUMN own_signal uuid;
GRANT SELECT (own_signal) ON sightings TO seinpost_expert;

-- Keyed numbers that nearly the same texts share. They live and die with the text.
CREATE TABLE sighting_bands (
    band    bigint NOT NULL,
    post_id uuid NOT NULL REFERENCES sightings ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (band, post_id)
);
CREATE INDEX sighting_bands_post ON sighting_bands (post_id);

CREATE FUNCTION sighting_bands_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    DELETE FROM sighting_bands WHERE post_id = NEW.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sightings_bands AFTER UPDATE OF text ON sightings
    FOR EACH ROW WHEN (OLD.text IS NOT NULL AND NEW.text IS NULL) EXECUTE FUNCTION sighting_bands_go();

ALTER TABLE sighting_bands ENABLE ROW LEVEL SECURITY;
ALTER TABLE sighting_bands FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON sighting_bands TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY road ON sighting_bands TO seinpost_road USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON sighting_bands TO seinpost_road;

-- 'Dit hoort er niet bij': the posts in these words become a signal of their own, new and to be read. The acting expert
-- must be able to read the signal, somebody must still judge it, and something must stay behind.
CREATE FUNCTION part_sighting(signal uuid, post uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    stood signals%ROWTYPE;
    own   uuid;
    said  jsonb;
    told  sightings%ROWTYPE;
BEGIN
    IF NOT has_role('expert') OR attached(acting_user(), signal) THEN
        RAISE EXCEPTION 'only an expert of this signal parts it' USING ERRCODE = '42501';
    END IF;
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
    said := told.analysis;
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, posted_at, seen_at, queued_at,
                         resumed_at, changed_at, window_start, window_end)
    VALUES (own, CASE WHEN said ->> 'level' = 'acuut' OR (said ->> 'imminent')::boolean THEN 'urgent' ELSE 'ordinary' END,
            'new', said ->> 'category', said ->> 'level', (said ->> 'imminent')::boolean, said ->> 'genre', said ->> 'lang',
            told.source, told.posted_at, told.seen_at, stood.queued_at, moment, moment,
            (said -> 'window' ->> 'start')::timestamptz, (said -> 'window' ->> 'end')::timestamptz);
    UPDATE sightings g SET signal_id = own WHERE g.signal_id = signal AND g.own_signal = own;
    UPDATE sightings g SET own_signal = NULL WHERE g.signal_id = own;
    UPDATE post_heads h SET signal_id = own FROM sightings g WHERE g.signal_id = own AND h.post_id = g.post_id;
    UPDATE signals s SET sightings = (SELECT count(*) FROM sightings g WHERE g.signal_id = s.id AND g.post_id <> g.event_id)
     WHERE s.id IN (signal, own);
    INSERT INTO signal_places (signal_id, place_id, kind, name)
    SELECT own, m ->> 'id', min(m ->> 'kind'), min(m ->> 'name') FROM jsonb_array_elements(said -> 'places') AS m GROUP BY m ->> 'id';
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state, user_id, detail) VALUES
        (own, moment, 'arrive', NULL, 'new', NULL, '{}'),
        (signal, moment, 'part', stood.state, stood.state, acting_user(), '{}');
    PERFORM trail_append('sighting_parted', 'signal', signal::text, jsonb_build_object('became', own::text), moment);
    RETURN own;
END $$;

-- What recipients read are a signal's own words: with the last post that holds them they are gone at their source, also
-- where other words that say the same still stand.
CREATE OR REPLACE FUNCTION source_gone(signal uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM signals WHERE id = signal AND source_removed_at IS NOT NULL)
        OR (EXISTS (SELECT 1 FROM sightings g WHERE g.signal_id = signal AND g.own_signal IS NOT NULL AND g.post_id <> g.event_id)
            AND NOT EXISTS (SELECT 1 FROM sightings g WHERE g.signal_id = signal AND g.own_signal IS NULL
                                                        AND g.post_id <> g.event_id)) $$;

REVOKE EXECUTE ON FUNCTION sighting_bands_go(), part_sighting(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION part_sighting(uuid, uuid, timestamptz) TO seinpost_expert;
