-- Numbers of a period, for the meeting's sheets and the monthly report: what came, what was decided and done, what helped.
-- Counts alone: no content, reader, recipient or school can be asked for.

SET LOCAL search_path = seinpost, public;

CREATE INDEX signal_events_at ON signal_events (at);
CREATE INDEX referral_events_at ON referral_events (at);
CREATE INDEX referrals_prepared ON referrals (prepared_at);
CREATE INDEX feedback_given ON feedback (given_at);
CREATE INDEX assessments_rejected ON assessments (created_at) WHERE verdict = 'reject';

-- Who is told every number: who may (`counts_exactly`) or the command on the server itself, and asks for it. Raises for
-- who is told nothing, and for who would learn by asking for a day more or less: others get one whole month at a time, a
-- week after it ended, so that no two of their periods overlap.
CREATE FUNCTION period_exactly(starts timestamptz, ends timestamptz, exact boolean) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    first timestamp := starts AT TIME ZONE 'Europe/Amsterdam';
    last  timestamp := ends AT TIME ZONE 'Europe/Amsterdam';
BEGIN
    IF session_user = 'seinpost_retention' THEN RETURN exact; END IF;
    IF counts_exactly() THEN RETURN exact; END IF;
    IF NOT sees_quality() THEN
        RAISE EXCEPTION 'these numbers are for who reads, decides or supervises' USING ERRCODE = '42501';
    END IF;
    IF first <> date_trunc('month', first) OR last <> first + interval '1 month' OR ends > now() - interval '7 days' THEN
        RAISE EXCEPTION 'only one whole month is told, a week after it ended' USING ERRCODE = '22023';
    END IF;
    RETURN false;
END $$;

-- A number as it may be told: exactly, or in tens, with nothing (null) for one to nine. Rounded down, no number that is
-- hidden can be found by subtracting those that are shown.
CREATE FUNCTION told(number bigint, exact boolean) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN exact THEN number WHEN number >= 10 THEN number / 10 * 10 END;

-- Whether a signal names one of these places; null: any place or none. OFFSET: asked of one signal at a time, by its key.
CREATE FUNCTION at_places(signal uuid, places text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT places IS NULL OR EXISTS (SELECT 1 FROM seinpost.signal_places p WHERE p.signal_id = signal AND p.place_id = ANY (places) OFFSET 0) $$;

-- Every section of the sheets, from one moment to the next; `inside` null: the whole country. A section counts what
-- happened in the period, but 'open' and 'waiting', which say how it stands now. A golden card counts nowhere.
CREATE FUNCTION period_numbers(starts timestamptz, ends timestamptz, inside text[], exact boolean)
    RETURNS TABLE (section text, label text, number bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
#variable_conflict use_column
DECLARE everything boolean := period_exactly(starts, ends, exact);
BEGIN
    RETURN QUERY
    WITH
    came AS (
        SELECT s.id, s.level, s.category, s.queued_at FROM signals s
         WHERE s.queued_at >= starts AND s.queued_at < ends AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)
           AND at_places(s.id, inside)),
    steps AS (
        SELECT DISTINCT e.signal_id, e.to_state, e.step FROM signal_events e
         WHERE e.at >= starts AND e.at < ends
           AND ((e.from_state IS DISTINCT FROM e.to_state AND e.to_state IN ('confirmed', 'rejected', 'parked', 'expired', 'referred'))
                OR e.step IN ('close', 'escalate'))
           AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = e.signal_id)
           AND at_places(e.signal_id, inside)),
    rejections AS (
        SELECT a.reason FROM assessments a
         WHERE a.verdict = 'reject' AND a.lapsed_at IS NULL AND a.created_at >= starts AND a.created_at < ends
           AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = a.signal_id)
           AND at_places(a.signal_id, inside)),
    pairs AS (
        SELECT a.verdict = b.verdict AS alike FROM assessments b
          JOIN assessments a ON a.signal_id = b.signal_id AND a.reading = 1 AND a.lapsed_at IS NULL
         WHERE b.reading = 2 AND b.lapsed_at IS NULL AND b.created_at >= starts AND b.created_at < ends
           AND at_places(b.signal_id, inside)),
    eyes AS (
        SELECT f.level, extract(epoch FROM f.opened_at - f.queued_at) / 60 AS minutes FROM first_eyes f
         WHERE f.queued_at >= starts AND f.queued_at < ends
           AND at_places(f.signal_id, inside)),
    sent AS (
        SELECT r.kind FROM referrals r
         WHERE r.prepared_at >= starts AND r.prepared_at < ends
           AND at_places(r.signal_id, inside)),
    answers AS (
        SELECT DISTINCT e.referral_id, e.to_state FROM referral_events e JOIN referrals r ON r.id = e.referral_id
         WHERE e.at >= starts AND e.at < ends AND e.from_state IS DISTINCT FROM e.to_state
           AND e.to_state IN ('read', 'acknowledged', 'fed_back', 'withdrawn', 'failed')
           AND at_places(r.signal_id, inside)),
    fed_back AS (
        SELECT f.outcome FROM feedback f JOIN referrals r ON r.id = f.referral_id
         WHERE f.given_at >= starts AND f.given_at < ends
           AND at_places(r.signal_id, inside)),
    standing AS (
        SELECT s.state FROM signals s
         WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'parked', 'confirmed')
           AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)
           AND at_places(s.id, inside)),
    unanswered AS (
        SELECT CASE r.state WHEN 'acknowledged' THEN 'feedback' ELSE 'acknowledgement' END AS what FROM referrals r
         WHERE r.prepared_at >= starts AND r.prepared_at < ends AND r.expires_at > now()
           AND r.state IN ('prepared', 'sent', 'received', 'read', 'failed', 'acknowledged')
           AND at_places(r.signal_id, inside)),
    counted AS (
        SELECT 'came_level' AS section, c.level AS label, count(*) AS number FROM came c GROUP BY c.level
        UNION ALL SELECT 'came_category', c.category, count(*) FROM came c GROUP BY c.category
        UNION ALL SELECT 'decided', s.to_state, count(DISTINCT s.signal_id) FROM steps s
                   WHERE s.to_state IN ('confirmed', 'rejected', 'parked', 'expired', 'referred') AND s.step NOT IN ('close', 'escalate')
                   GROUP BY s.to_state
        UNION ALL SELECT 'decided', s.step, count(DISTINCT s.signal_id) FROM steps s WHERE s.step IN ('close', 'escalate') GROUP BY s.step
        UNION ALL SELECT 'rejected', r.reason, count(*) FROM rejections r GROUP BY r.reason
        UNION ALL SELECT 'alike', CASE WHEN p.alike THEN 'same' ELSE 'different' END, count(*) FROM pairs p GROUP BY p.alike
        UNION ALL SELECT 'sent', s.kind, count(*) FROM sent s GROUP BY s.kind
        UNION ALL SELECT 'answers', a.to_state, count(*) FROM answers a GROUP BY a.to_state
        UNION ALL SELECT 'feedback', f.outcome, count(*) FROM fed_back f GROUP BY f.outcome
        UNION ALL SELECT 'outcome', o.outcome, count(*) FROM steps s JOIN signals o ON o.id = s.signal_id
                   WHERE s.step = 'close' AND o.outcome IS NOT NULL GROUP BY o.outcome
        UNION ALL SELECT 'open', s.state, count(*) FROM standing s GROUP BY s.state
        UNION ALL SELECT 'waiting', u.what, count(*) FROM unanswered u GROUP BY u.what)
    SELECT c.section, c.label, told(c.number, everything) FROM counted c
    UNION ALL
    -- Half of the signals of a level were looked at within so many minutes; of ten looks or more, to who is told in tens.
    SELECT 'minutes', e.level, CASE WHEN everything OR count(*) >= 10
                                    THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY e.minutes))::bigint END
      FROM eyes e GROUP BY e.level;
END $$;

-- Signals that came, by district: the caller says which place lies in which (ids and names side by side).
CREATE FUNCTION period_districts(starts timestamptz, ends timestamptz, places text[], districts text[], exact boolean)
    RETURNS TABLE (district text, number bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE everything boolean := period_exactly(starts, ends, exact);
BEGIN
    RETURN QUERY
    SELECT d.name, told(count(DISTINCT s.id), everything)
      FROM signals s
      CROSS JOIN LATERAL (SELECT p.place_id FROM signal_places p WHERE p.signal_id = s.id LIMIT 50) AS p
      JOIN unnest(places, districts) AS d (place_id, name) ON d.place_id = p.place_id
     WHERE s.queued_at >= starts AND s.queued_at < ends AND NOT EXISTS (SELECT 1 FROM golden_cards g WHERE g.signal_id = s.id)
     GROUP BY d.name ORDER BY d.name;
END $$;

REVOKE EXECUTE ON FUNCTION period_exactly(timestamptz, timestamptz, boolean), told(bigint, boolean), at_places(uuid, text[]),
    period_numbers(timestamptz, timestamptz, text[], boolean),
    period_districts(timestamptz, timestamptz, text[], text[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION period_numbers(timestamptz, timestamptz, text[], boolean),
    period_districts(timestamptz, timestamptz, text[], text[], boolean) TO seinpost_expert, seinpost_supervisor, seinpost_retention;
