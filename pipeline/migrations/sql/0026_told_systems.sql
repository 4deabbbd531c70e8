-- Decisions for the systems of partners: one more channel of an agreement. What it is told is cut by the dispatcher like
-- every notice, waits in the outbox for the relay, and is asked about once more before it leaves. Readings that nobody was
-- sent are told to nobody.

SET LOCAL search_path = seinpost, public;

ALTER TABLE agreements DROP CONSTRAINT agreements_channels_check;
ALTER TABLE agreements ADD CONSTRAINT agreements_channels_check
    CHECK (channels <@ ARRAY['email', 'webhook', 'misp', 'decisions']);
ALTER TABLE notices DROP CONSTRAINT notices_channel_check;
ALTER TABLE notices ADD CONSTRAINT notices_channel_check CHECK (channel IN ('email', 'webhook', 'misp', 'decisions'));
ALTER TABLE trial_messages DROP CONSTRAINT trial_messages_channel_check;
ALTER TABLE trial_messages ADD CONSTRAINT trial_messages_channel_check
    CHECK (channel IN ('email', 'webhook', 'misp', 'decisions'));
-- As it was, by every way that the contact has, also this one.
CREATE OR REPLACE FUNCTION ask_trial(of_contact uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
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
    SELECT made, of_contact, c, moment, moment FROM channels_to(of_contact) AS c;
    PERFORM trail_append('trial_asked', 'contact', of_contact::text, jsonb_build_object('trial', made::text), moment);
    RETURN made;
END $$;

-- For this channel `url` is the name with which the system logs in at Kafka: its topic is named after it, so no two
-- organisations share one, and it is none of our own processes.
ALTER TABLE endpoints DROP CONSTRAINT endpoints_channel_check;
ALTER TABLE endpoints ADD CONSTRAINT endpoints_channel_check CHECK (channel IN ('webhook', 'misp', 'decisions'));
ALTER TABLE endpoints ADD CONSTRAINT endpoints_login_check
    CHECK (channel <> 'decisions' OR (url ~ '^[a-z][a-z-]{1,38}[a-z]$' AND url !~ '^(seinpost|broker)'));
CREATE UNIQUE INDEX endpoints_login ON endpoints (url) WHERE channel = 'decisions';

CREATE OR REPLACE FUNCTION channel_counts(at timestamptz)
    RETURNS TABLE (channel text, endpoints bigint, waiting bigint, due_since timestamptz, failed bigint,
                   last_sent timestamptz, problems text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT c.channel,
           (SELECT count(*) FROM endpoints e WHERE e.channel = c.channel AND e.active),
           w.waiting, w.due_since, f.failed,
           (SELECT max(n.sent_at) FROM notices n WHERE n.channel = c.channel AND n.state = 'sent'),
           ARRAY(SELECT DISTINCT p FROM unnest(w.problems || f.problems) p WHERE p <> '' ORDER BY p)
      FROM unnest(ARRAY['email', 'webhook', 'misp', 'decisions']) AS c(channel),
           LATERAL (SELECT count(*) AS waiting, min(n.next_try_at) FILTER (WHERE n.next_try_at <= at) AS due_since,
                           array_agg(DISTINCT n.last_problem) AS problems
                      FROM notices n WHERE n.channel = c.channel AND n.state = 'waiting') w,
           LATERAL (SELECT count(*) AS failed, array_agg(DISTINCT n.last_problem) AS problems
                      FROM notices n WHERE n.channel = c.channel AND n.state = 'failed'
                       AND n.last_problem NOT IN ('contact_left', 'expired', 'withdrawn', 'not_allowed')) f $$;

-- What waited in the old form (every reading of every signal) is told to nobody any more.
UPDATE outbox SET published_at = now() WHERE published_at IS NULL;
ALTER TABLE outbox ADD COLUMN referral_id uuid;      -- asked about before it leaves; a withdrawal names none
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (topic, id) WHERE published_at IS NULL;
-- A `serve` of an older version still leaves every reading here, until it is restarted: it may try, and nothing comes of it.
CREATE FUNCTION readings_are_not_told() RETURNS trigger LANGUAGE plpgsql SET search_path = seinpost AS $$
BEGIN
    RETURN CASE WHEN current_user <> 'seinpost_expert' THEN NEW END;
END $$;
CREATE TRIGGER outbox_no_readings BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION readings_are_not_told();

-- The dispatcher's one way into the outbox: topic, key and event come from the notice, not from who calls, and the body
-- names no field that such a record has not.
CREATE FUNCTION decision_to_outbox(notice uuid, told jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = seinpost AS $$
DECLARE of_what record;
BEGIN
    SELECT found.reference, found.kind, e.url AS login INTO of_what
      FROM (SELECT n.referral_id AS reference, n.kind, r.contact_id FROM notices n JOIN referrals r ON r.id = n.referral_id
             WHERE n.id = notice AND n.channel = 'decisions'
            UNION ALL
            SELECT t.trial_id, 'trial', t.contact_id FROM trial_messages t
             WHERE t.id = notice AND t.channel = 'decisions') AS found
      JOIN contacts c ON c.id = found.contact_id
      JOIN endpoints e ON e.organisation_id = c.organisation_id AND e.channel = 'decisions';
    IF NOT FOUND THEN RETURN false; END IF;
    IF told ->> 'id' IS DISTINCT FROM of_what.reference::text OR told ->> 'told' IS DISTINCT FROM of_what.kind
       OR EXISTS (SELECT 1 FROM jsonb_object_keys(told) AS k
                   WHERE k NOT IN ('id', 'told', 'category', 'theme', 'level', 'places', 'window_start', 'window_end',
                                   'expires_at', 'one_reader')) THEN
        RAISE EXCEPTION 'this is no decision of that notice' USING ERRCODE = '42501';
    END IF;
    INSERT INTO outbox (event_id, topic, key, body, referral_id)
    VALUES (notice, format('seinpost.decisions.%s.v2', of_what.login), of_what.reference::text, told,
            CASE WHEN of_what.kind NOT IN ('withdrawn', 'trial') THEN of_what.reference END)
        ON CONFLICT (event_id) DO NOTHING;
    RETURN true;
END $$;

CREATE FUNCTION decision_still_told(referral uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- Whether what waits for this recipient's system may leave now: the referral stands, and its agreement and the system.
    SELECT coalesce((SELECT fields_open(r.id) IS NOT NULL AND r.state <> 'withdrawn' AND e.active
                            AND e.channel = ANY (a.channels)
                       FROM referrals r JOIN agreements a ON a.id = r.agreement_id JOIN contacts c ON c.id = r.contact_id
                       JOIN endpoints e ON e.organisation_id = c.organisation_id AND e.channel = 'decisions'
                      WHERE r.id = referral), false) $$;

REVOKE EXECUTE ON FUNCTION decision_to_outbox(uuid, jsonb), decision_still_told(uuid), readings_are_not_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION decision_to_outbox(uuid, jsonb) TO seinpost_dispatch;
GRANT EXECUTE ON FUNCTION decision_still_told(uuid) TO seinpost_relay;

-- Notices by e-mail sealed to the contact's own certificate (S/MIME), where it has one. A certificate is public.
ALTER TABLE contacts ADD COLUMN certificate text CHECK (length(certificate) <= 20000),
                     ADD COLUMN certificate_ends_at timestamptz,
                     ADD CHECK ((certificate IS NULL) = (certificate_ends_at IS NULL));
GRANT SELECT (certificate) ON contacts TO seinpost_dispatch;
