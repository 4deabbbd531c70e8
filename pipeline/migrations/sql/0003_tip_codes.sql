-- Following a tip by a code, without an account.

SET LOCAL search_path = seinpost, public;

-- A row holds no user and no text: only who has the code can ask, and gets one word.
CREATE TABLE tip_codes (
    code_hash    bytea PRIMARY KEY,              -- HMAC-SHA256 under a key derived from the id key
    post_id      uuid NOT NULL,                  -- which tip; no reference, for on the Kafka road it may arrive later
    handed_in_at timestamptz NOT NULL
);
CREATE INDEX tip_codes_age ON tip_codes (handed_in_at);

ALTER TABLE tip_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE tip_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON tip_codes TO seinpost_owner USING (true) WITH CHECK (true);
GRANT INSERT ON tip_codes TO seinpost_web;
CREATE POLICY web ON tip_codes FOR INSERT TO seinpost_web WITH CHECK (true);
GRANT SELECT, DELETE ON tip_codes TO seinpost_retention;
CREATE POLICY retention ON tip_codes TO seinpost_retention USING (true);

-- One word, or nothing: no such code, or its tip expired without being read.
CREATE FUNCTION tip_progress(hash bytea, moment timestamptz) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT CASE
             WHEN s.id IS NULL THEN 'received'
             WHEN s.state = 'new' AND NOT EXISTS (
                 SELECT 1 FROM claims c WHERE c.signal_id = s.id AND c.expires_at > moment) THEN 'received'
             WHEN s.state IN ('new', 'waiting_second', 'casusoverleg', 'parked') THEN 'reading'
             WHEN s.state = 'referred' OR EXISTS (
                 SELECT 1 FROM signal_events e WHERE e.signal_id = s.id AND e.to_state = 'referred') THEN 'passed_on'
             WHEN s.state <> 'expired' THEN 'judged'
           END
      FROM tip_codes t
      LEFT JOIN sightings g ON g.post_id = t.post_id
      LEFT JOIN signals s ON s.id = g.signal_id
     WHERE t.code_hash = hash $$;
REVOKE EXECUTE ON FUNCTION tip_progress(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tip_progress(bytea, timestamptz) TO seinpost_web;
