-- What lies aside is looked at, opened, given back and discarded by a tuner or an administrator; each step on the trail.

SET LOCAL search_path = seinpost, public;

-- Descriptions were readable in every supervising role; now for those who mend, and nobody else.
DROP POLICY supervisor ON dead_letters;
CREATE POLICY supervisor ON dead_letters FOR SELECT TO seinpost_supervisor USING (has_role('tuner') OR has_role('admin'));
CREATE INDEX dead_letters_parked ON dead_letters (reason, happened_at) WHERE state = 'parked';

-- The role reads no bytes and changes no row; this function writes the trail and does what one step may do.
CREATE FUNCTION dead_letter_step(letter uuid, wanted text, why text, moment timestamptz) RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
-- Answers the state before the step; NULL when there is no such letter. What is no longer parked is only opened.
DECLARE before text;
BEGIN
    IF NOT (has_role('tuner') OR has_role('admin')) THEN
        RAISE EXCEPTION 'only a tuner or an administrator mends' USING ERRCODE = '42501';
    END IF;
    IF wanted NOT IN ('opened', 'retried', 'discarded') OR (wanted <> 'retried' AND length(btrim(coalesce(why, ''))) < 5)
       OR length(why) > 200 THEN
        RAISE EXCEPTION 'no such step, or no reason for it' USING ERRCODE = '22023';
    END IF;
    SELECT state INTO before FROM dead_letters WHERE id = letter FOR UPDATE;
    IF NOT FOUND OR (before <> 'parked' AND wanted <> 'opened') THEN RETURN before; END IF;
    PERFORM trail_append('dead_letter_' || wanted, 'dead_letter', letter::text,
                         CASE WHEN wanted = 'retried' THEN '{}' ELSE jsonb_build_object('reason', btrim(why)) END, moment);
    IF wanted = 'discarded' THEN
        UPDATE dead_letters SET state = 'discarded', bytes = NULL WHERE id = letter;
    END IF;
    RETURN before;
END $$;
REVOKE EXECUTE ON FUNCTION dead_letter_step(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dead_letter_step(uuid, text, text, timestamptz) TO seinpost_supervisor;
