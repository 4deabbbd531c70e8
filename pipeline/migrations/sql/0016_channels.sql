-- More ways to tell a recipient than e-mail: endpoints of organisations, allowed by their agreement; how each way is
-- doing, and sending again what failed. No content in any of it, and no secret: those lie in the key folder.

SET LOCAL search_path = seinpost, public;

CREATE TABLE endpoints (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- its secret is a file of this name in the key folder
    organisation_id uuid NOT NULL REFERENCES organisations,
    channel         text NOT NULL CHECK (channel IN ('webhook', 'misp')),
    url             text NOT NULL CHECK (length(url) BETWEEN 1 AND 500),
    sharing_group   uuid,                        -- MISP alone: with whom the partner's instance shares the event
    active          boolean NOT NULL DEFAULT true,
    added_at        timestamptz NOT NULL,
    UNIQUE (organisation_id, channel),
    CHECK ((channel = 'misp') = (sharing_group IS NOT NULL))
);
ALTER TABLE endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON endpoints TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY dispatch ON endpoints FOR SELECT TO seinpost_dispatch USING (true);
GRANT SELECT ON endpoints TO seinpost_dispatch;

-- Which ways an organisation agreed to. E-mail always was one.
ALTER TABLE agreements ADD COLUMN channels text[] NOT NULL DEFAULT '{email}'
    CHECK (channels <@ ARRAY['email', 'webhook', 'misp']);
GRANT SELECT (id, channels) ON agreements TO seinpost_dispatch;
CREATE POLICY dispatch ON agreements FOR SELECT TO seinpost_dispatch USING (true);
GRANT SELECT (organisation_id) ON contacts TO seinpost_dispatch;

ALTER TABLE notices DROP CONSTRAINT notices_channel_check;
ALTER TABLE notices ADD CONSTRAINT notices_channel_check CHECK (channel IN ('email', 'webhook', 'misp'));
-- Each line takes what is due on its own channel, in order; what one recipient hears of one referral stays in order.
DROP INDEX notices_waiting;
CREATE INDEX notices_waiting ON notices (channel, next_try_at, id) WHERE state = 'waiting';
CREATE INDEX notices_referral ON notices (referral_id, channel);
CREATE INDEX notices_sent ON notices (channel, sent_at) WHERE state = 'sent';
-- What failed and still ought to be told: a dead letter. What need not be told any more is none.
CREATE INDEX notices_dead ON notices (channel, next_try_at, id)
    WHERE state = 'failed' AND last_problem NOT IN ('contact_left', 'expired', 'withdrawn', 'not_allowed');

-- By which ways a notice goes: a new one by those that the agreement allows now, what follows by those that the new one
-- went by, so that a withdrawal reaches whoever was told.
CREATE FUNCTION channels_of(referral uuid, notice text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT 'email'
    UNION
    SELECT e.channel
      FROM referrals r
      JOIN contacts c ON c.id = r.contact_id
      JOIN agreements a ON a.id = r.agreement_id
      JOIN endpoints e ON e.organisation_id = c.organisation_id AND e.active
     WHERE notice = 'new' AND r.id = referral AND e.channel = ANY (a.channels) AND agreement_valid(a.id)
    UNION
    SELECT n.channel FROM notices n WHERE notice <> 'new' AND n.referral_id = referral AND n.kind = 'new' $$;

-- How each way is doing. Counts, moments and codes: nothing in it tells a referral, a recipient or a place.
CREATE FUNCTION channel_counts(at timestamptz)
    RETURNS TABLE (channel text, endpoints bigint, waiting bigint, due_since timestamptz, failed bigint,
                   last_sent timestamptz, problems text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
    SELECT c.channel,
           (SELECT count(*) FROM endpoints e WHERE e.channel = c.channel AND e.active),
           w.waiting, w.due_since, f.failed,
           (SELECT max(n.sent_at) FROM notices n WHERE n.channel = c.channel AND n.state = 'sent'),
           ARRAY(SELECT DISTINCT p FROM unnest(w.problems || f.problems) p WHERE p <> '' ORDER BY p)
      FROM unnest(ARRAY['email', 'webhook', 'misp']) AS c(channel),
           LATERAL (SELECT count(*) AS waiting, min(n.next_try_at) FILTER (WHERE n.next_try_at <= at) AS due_since,
                           array_agg(DISTINCT n.last_problem) AS problems
                      FROM notices n WHERE n.channel = c.channel AND n.state = 'waiting') w,
           LATERAL (SELECT count(*) AS failed, array_agg(DISTINCT n.last_problem) AS problems
                      FROM notices n WHERE n.channel = c.channel AND n.state = 'failed'
                       AND n.last_problem NOT IN ('contact_left', 'expired', 'withdrawn', 'not_allowed')) f $$;

-- A person has what failed told again, once it is mended: the same notices under the same ids. Says how many.
CREATE FUNCTION channel_again(of_channel text, most integer, moment timestamptz) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE told integer;
BEGIN
    IF NOT (has_role('expert') OR has_role('admin') OR has_role('tuner') OR session_user = 'seinpost_owner') THEN
        RAISE EXCEPTION 'only who reads or manages sends again' USING ERRCODE = '42501';
    END IF;
    WITH chosen AS (
        SELECT n.id FROM notices n
         WHERE n.channel = of_channel AND n.state = 'failed'
           AND n.last_problem NOT IN ('contact_left', 'expired', 'withdrawn', 'not_allowed')
         ORDER BY n.next_try_at, n.id LIMIT least(most, 1000) FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE notices n SET state = 'waiting', attempts = 0, next_try_at = moment FROM chosen c WHERE n.id = c.id
        RETURNING n.referral_id, n.kind
    ), back AS (
        UPDATE referrals r SET state = 'prepared' FROM woken w
         WHERE r.id = w.referral_id AND w.kind = 'new' AND r.state = 'failed' RETURNING r.id
    ), noted AS (
        INSERT INTO referral_events (referral_id, at, from_state, to_state, user_id, detail)
        SELECT b.id, moment, 'failed', 'prepared', acting_user(), '{"again": "yes"}' FROM back b
    )
    SELECT count(*) INTO told FROM woken;
    IF told > 0 THEN
        PERFORM trail_append('notices_again', 'channel', of_channel, jsonb_build_object('notices', told::text), moment);
        PERFORM pg_notify('seinpost_notices', '');
    END IF;
    RETURN told;
END $$;

REVOKE EXECUTE ON FUNCTION channels_of(uuid, text), channel_counts(timestamptz),
    channel_again(text, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION channels_of(uuid, text) TO seinpost_expert, seinpost_dispatch;
GRANT EXECUTE ON FUNCTION channel_counts(timestamptz) TO seinpost_web, seinpost_expert, seinpost_supervisor;
GRANT EXECUTE ON FUNCTION channel_again(text, integer, timestamptz) TO seinpost_expert, seinpost_supervisor;
