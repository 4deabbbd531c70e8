-- Signing in with a passkey (WebAuthn). Kept are public keys, which open nothing by themselves, and challenges that live for
-- minutes. Only the role that signs people in reads either; a role that it takes on for somebody reads neither.

SET LOCAL search_path = seinpost, public;

CREATE TABLE passkeys (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       uuid NOT NULL REFERENCES users,
    place         smallint NOT NULL CHECK (place BETWEEN 1 AND 5),  -- so that nobody has more than five
    name          text NOT NULL CHECK (name <> '' AND length(name) <= 40),
    credential_id bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea NOT NULL CHECK (length(public_key) BETWEEN 1 AND 4096),
    sign_count    bigint NOT NULL CHECK (sign_count BETWEEN 0 AND 4294967295),
    added_at      timestamptz NOT NULL,
    last_used_at  timestamptz,
    stopped_at    timestamptz,                   -- its count went back: perhaps there is a copy; it signs nobody in any more
    UNIQUE (user_id, place)
);

CREATE TABLE passkey_challenges (                -- one for each browser and act; taking it removes it
    holder     bytea NOT NULL,                   -- SHA-256 of the cookie of the log-in form, or of the session
    purpose    text NOT NULL CHECK (purpose IN ('sign_in', 'register')),
    challenge  bytea NOT NULL CHECK (length(challenge) = 32),
    name       text NOT NULL DEFAULT '' CHECK (length(name) <= 40),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (holder, purpose)
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);

-- When a key is removed or stopped, its owner's sessions end.
CREATE INDEX web_sessions_user ON web_sessions (user_id);

ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON passkeys TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY owner ON passkey_challenges TO seinpost_owner USING (true) WITH CHECK (true);

-- Before anybody is signed in every key is looked up by its id; after that the server sees that person's own keys alone.
GRANT SELECT, INSERT, DELETE, UPDATE (sign_count, last_used_at, stopped_at) ON passkeys TO seinpost_web;
CREATE POLICY web_reads ON passkeys FOR SELECT TO seinpost_web USING (acting_user() IS NULL OR user_id = acting_user());
CREATE POLICY web_adds ON passkeys FOR INSERT TO seinpost_web WITH CHECK (user_id = acting_user());
CREATE POLICY web_uses ON passkeys FOR UPDATE TO seinpost_web USING (acting_user() IS NULL) WITH CHECK (acting_user() IS NULL);
CREATE POLICY web_removes ON passkeys FOR DELETE TO seinpost_web USING (user_id = acting_user());
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey_challenges TO seinpost_web;
CREATE POLICY web ON passkey_challenges TO seinpost_web USING (true) WITH CHECK (true);
GRANT SELECT (expires_at), DELETE ON passkey_challenges TO seinpost_retention;
CREATE POLICY retention ON passkey_challenges TO seinpost_retention USING (true);

-- A count never goes back, and what was stopped stays stopped: it is removed and made anew.
CREATE FUNCTION passkey_goes_on() RETURNS trigger LANGUAGE plpgsql SET search_path = seinpost AS $$
BEGIN
    IF NEW.sign_count < OLD.sign_count OR (OLD.stopped_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'the count of a passkey goes on, and a stopped one stays stopped' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passkeys_go_on BEFORE UPDATE ON passkeys FOR EACH ROW EXECUTE FUNCTION passkey_goes_on();
REVOKE EXECUTE ON FUNCTION passkey_goes_on() FROM PUBLIC;
