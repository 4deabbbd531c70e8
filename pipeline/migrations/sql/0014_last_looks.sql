-- What changed since this reader last saw a signal: when each reader took it, for that reader alone.

SET LOCAL search_path = seinpost, public;

-- Kept by a trigger, so that looking at a page writes nothing. Nobody else sees a row: not the team, not a supervisor.
CREATE TABLE last_looks (
    user_id          uuid NOT NULL REFERENCES users,
    signal_id        uuid NOT NULL REFERENCES signals ON DELETE CASCADE,
    looked_at        timestamptz NOT NULL,
    sightings        integer NOT NULL,           -- how many there were then
    before           timestamptz,                -- the time before that one
    sightings_before integer,
    PRIMARY KEY (signal_id, user_id),
    CHECK ((before IS NULL) = (sightings_before IS NULL))
);
CREATE INDEX last_looks_age ON last_looks (looked_at);
-- The signal in which a post stands that was edited, from the one in which it stood.
CREATE INDEX signals_reopened ON signals (reopened_from) WHERE reopened_from IS NOT NULL;

CREATE FUNCTION note_look() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    INSERT INTO last_looks AS l (user_id, signal_id, looked_at, sightings)
    SELECT NEW.user_id, s.id, NEW.claimed_at, s.sightings FROM signals s WHERE s.id = NEW.signal_id
    ON CONFLICT (signal_id, user_id) DO UPDATE
       SET before = l.looked_at, sightings_before = l.sightings,
           looked_at = excluded.looked_at, sightings = excluded.sightings;
    RETURN NULL;
END $$;
CREATE TRIGGER claims_taken AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION note_look();
CREATE TRIGGER claims_taken_over AFTER UPDATE OF user_id ON claims
    FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id) EXECUTE FUNCTION note_look();
REVOKE EXECUTE ON FUNCTION note_look() FROM PUBLIC;

ALTER TABLE last_looks ENABLE ROW LEVEL SECURITY;
ALTER TABLE last_looks FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON last_looks TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY own ON last_looks FOR SELECT TO seinpost_expert USING (has_role('expert') AND user_id = acting_user());
GRANT SELECT ON last_looks TO seinpost_expert;
CREATE POLICY retention ON last_looks TO seinpost_retention USING (true);
GRANT SELECT (looked_at), DELETE ON last_looks TO seinpost_retention;
