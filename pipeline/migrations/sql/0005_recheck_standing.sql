-- How the re-check of posts behind signals is doing, in four values; for who watches the sources, without any post.

SET LOCAL search_path = seinpost, public;

CREATE FUNCTION recheck_standing(
    OUT posts integer, OUT longest_ago timestamptz, OUT unknown integer, OUT unknown_since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT count(*)::integer, min(coalesce(r.checked_at, g.seen_at)),
           count(r.unknown_since)::integer, min(r.unknown_since)
      FROM sightings g LEFT JOIN rechecks r USING (post_id)
     WHERE g.link_box IS NOT NULL AND g.post_id <> g.event_id $$;
REVOKE EXECUTE ON FUNCTION recheck_standing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recheck_standing() TO seinpost_collect, seinpost_expert, seinpost_supervisor;
