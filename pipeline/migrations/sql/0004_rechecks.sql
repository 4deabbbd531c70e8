-- When each post behind a signal was last asked for at its source, and since when that has told nothing.

SET LOCAL search_path = seinpost, public;

-- A row lives and dies with its sighting: a post that is forgotten leaves no trace here.
CREATE TABLE rechecks (
    post_id       uuid PRIMARY KEY REFERENCES sightings ON DELETE CASCADE ON UPDATE CASCADE,
    checked_at    timestamptz NOT NULL,
    unknown_since timestamptz                    -- null: at the last check it stood
);
ALTER TABLE rechecks ENABLE ROW LEVEL SECURITY;
ALTER TABLE rechecks FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON rechecks TO seinpost_owner USING (true) WITH CHECK (true);

-- Collectors see neither signals nor sightings; these two answer just what asking again needs. Kept versions
-- (post_id = event_id) are gone at their source already.
CREATE FUNCTION posts_to_recheck(of_sources text[], last_checked timestamptz, most integer)
    RETURNS TABLE (post_id uuid, source text, order_id uuid, revision bigint, unknown_since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT g.post_id, g.source, g.order_id, g.revision, r.unknown_since
      FROM sightings g LEFT JOIN rechecks r USING (post_id)
     WHERE g.link_box IS NOT NULL AND g.post_id <> g.event_id AND g.source = ANY(of_sources)
       AND coalesce(r.checked_at, g.seen_at) <= last_checked
     ORDER BY coalesce(r.checked_at, g.seen_at), g.post_id
     LIMIT most $$;

CREATE FUNCTION note_rechecks(posts uuid[], stand boolean[], at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = seinpost AS $$
    INSERT INTO rechecks AS r (post_id, checked_at, unknown_since)
    SELECT g.post_id, at, CASE WHEN n.stands THEN NULL ELSE at END
      FROM unnest(posts, stand) AS n (post_id, stands)
      JOIN (SELECT post_id FROM sightings WHERE post_id = ANY(posts) ORDER BY post_id FOR KEY SHARE) g USING (post_id)
    ON CONFLICT (post_id) DO UPDATE
       SET checked_at = excluded.checked_at,
           unknown_since = CASE WHEN excluded.unknown_since IS NULL THEN NULL
                                ELSE coalesce(r.unknown_since, excluded.unknown_since) END $$;
REVOKE EXECUTE ON FUNCTION posts_to_recheck(text[], timestamptz, integer), note_rechecks(uuid[], boolean[], timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION posts_to_recheck(text[], timestamptz, integer), note_rechecks(uuid[], boolean[], timestamptz)
    TO seinpost_collect;
