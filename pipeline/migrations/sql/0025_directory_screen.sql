-- The directory on a screen, and test messages: does what we send to a contact arrive? A test message says that it is one;
-- no signal stands behind it, and it goes the way that a notice goes. No content and no address in any of it.

SET LOCAL search_path = seinpost, public;

-- Whether a contact can open the portal is part of what the directory lacks.
GRANT SELECT (disabled_at) ON users TO seinpost_expert;
CREATE INDEX contacts_organisation ON contacts (organisation_id);
CREATE INDEX agreements_organisation ON agreements (organisation_id);

CREATE TABLE trial_messages (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- the message's own, so that a repeat can be dropped
    trial_id     uuid NOT NULL,                  -- what was asked with one press: a message for each way
    contact_id   uuid NOT NULL REFERENCES contacts,
    channel      text NOT NULL CHECK (channel IN ('email', 'webhook', 'misp')),
    asked_at     timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL,
    last_problem text NOT NULL DEFAULT '',       -- a code, never a server's words
    sent_at      timestamptz,
    seen_at      timestamptz,                    -- the contact pressed 'ontvangen' in the portal
    UNIQUE (trial_id, channel)
);
CREATE UNIQUE INDEX trial_messages_open ON trial_messages (contact_id, channel) WHERE state = 'waiting';
CREATE INDEX trial_messages_waiting ON trial_messages (channel, next_try_at, id) WHERE state = 'waiting';
CREATE INDEX trial_messages_contact ON trial_messages (contact_id, channel, asked_at DESC);
CREATE INDEX trial_messages_asked ON trial_messages (asked_at);
ALTER TABLE trial_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE trial_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON trial_messages TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY expert ON trial_messages FOR SELECT TO seinpost_expert USING (has_role('expert'));
GRANT SELECT ON trial_messages TO seinpost_expert;
CREATE POLICY dispatch ON trial_messages TO seinpost_dispatch USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (state, attempts, next_try_at, last_problem, sent_at) ON trial_messages TO seinpost_dispatch;
CREATE POLICY retention ON trial_messages TO seinpost_retention USING (true) WITH CHECK (true);
GRANT SELECT (asked_at), DELETE ON trial_messages TO seinpost_retention;
CREATE TRIGGER trials_added AFTER INSERT ON trial_messages FOR EACH STATEMENT EXECUTE FUNCTION tell_dispatch();

-- The ways by which a contact can be told today: e-mail always, the others where its organisation has them and agreed.
CREATE FUNCTION channels_to(contact uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER ROWS 3
    SET search_path = seinpost AS $$
    SELECT 'email'
    UNION
    SELECT e.channel
      FROM contacts c
      JOIN endpoints e ON e.organisation_id = c.organisation_id AND e.active
      JOIN agreements a ON a.organisation_id = c.organisation_id AND e.channel = ANY (a.channels)
     WHERE c.id = contact AND agreement_valid(a.id) $$;

-- A person asks whether messages to this contact arrive. One test at a time, three a day for a contact, 300 in all.
CREATE FUNCTION ask_trial(of_contact uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE
    made uuid := gen_random_uuid();
    day  timestamptz := moment - interval '1 day';
BEGIN
    IF NOT (has_role('expert') OR session_user = 'seinpost_owner') THEN
        RAISE EXCEPTION 'only an expert sends a test message' USING ERRCODE = '42501';
    END IF;
    PERFORM 1 FROM contacts c WHERE c.id = of_contact AND c.active FOR UPDATE; -- two who press at once: one of them waits
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such contact' USING ERRCODE = 'P0002';
    END IF;
    IF EXISTS (SELECT 1 FROM trial_messages t WHERE t.contact_id = of_contact AND t.state = 'waiting') THEN
        RAISE EXCEPTION 'a test message still waits' USING ERRCODE = '55006';
    END IF;
    IF (SELECT count(DISTINCT t.trial_id) >= 3 FROM trial_messages t WHERE t.contact_id = of_contact AND t.asked_at > day)
       OR (SELECT count(*) >= 300 FROM trial_messages t WHERE t.asked_at > day) THEN
        RAISE EXCEPTION 'enough test messages today' USING ERRCODE = '54000';
    END IF;
    INSERT INTO trial_messages (trial_id, contact_id, channel, asked_at, next_try_at)
    SELECT made, of_contact, c, moment, moment FROM channels_to(of_contact) AS c WHERE c IN ('email', 'webhook', 'misp');
    PERFORM trail_append('trial_asked', 'contact', of_contact::text, jsonb_build_object('trial', made::text), moment);
    RETURN made;
END $$;

-- What the contact itself sees of a test message, for as long as a recipient sees anything.
CREATE FUNCTION my_trial(trial uuid) RETURNS TABLE (asked_at timestamptz, seen_at timestamptz) LANGUAGE sql STABLE
    SECURITY DEFINER ROWS 1 SET search_path = seinpost AS $$
    SELECT min(t.asked_at), min(t.seen_at) FROM trial_messages t
     WHERE t.trial_id = trial AND t.contact_id IN (SELECT my_contacts()) AND t.asked_at > now() - interval '28 days'
    HAVING count(*) > 0 $$;

CREATE FUNCTION trial_seen(trial uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE who uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM my_trial(trial)) THEN
        RAISE EXCEPTION 'no such test message' USING ERRCODE = '42501';
    END IF;
    UPDATE trial_messages t SET seen_at = moment
     WHERE t.trial_id = trial AND t.contact_id IN (SELECT my_contacts()) AND t.seen_at IS NULL RETURNING t.contact_id INTO who;
    IF who IS NOT NULL THEN
        PERFORM trail_append('trial_seen', 'contact', who::text, jsonb_build_object('trial', trial::text), moment);
    END IF;
END $$;

REVOKE EXECUTE ON FUNCTION channels_to(uuid), ask_trial(uuid, timestamptz), my_trial(uuid), trial_seen(uuid, timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION channels_to(uuid) TO seinpost_expert, seinpost_dispatch;
GRANT EXECUTE ON FUNCTION ask_trial(uuid, timestamptz) TO seinpost_expert;
GRANT EXECUTE ON FUNCTION my_trial(uuid), trial_seen(uuid, timestamptz) TO seinpost_recipient;
