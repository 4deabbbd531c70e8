-- The exception for acute signals has an end: a place notice that no second reader looked at in time is told to the team
-- and to who got it. And what recipients answer reaches the pages that stand open.

SET LOCAL search_path = seinpost, public;

-- ---------------------------------------------------------------------------------------------------------------------
-- Late second readings. The machine only tells; withdrawing stays a person's act.
-- ---------------------------------------------------------------------------------------------------------------------
ALTER TABLE referrals ADD COLUMN late_told_at timestamptz;  -- when the recipient was told that no second reader came
CREATE INDEX referrals_untold_place_notices ON referrals (signal_id, prepared_at)
    WHERE place_notice AND late_told_at IS NULL AND state <> 'withdrawn';

-- The signals that wait for a second reader since longer than `patience` after their first place notice: lifted to the
-- head of the queue, on the trail, and their recipients to be told, each once. A signal that somebody judges right now
-- is left alone; the next look finds it, or finds it read.
CREATE FUNCTION late_second_readings(moment timestamptz, patience interval, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE late uuid;
BEGIN
    FOR late IN
        SELECT s.id FROM signals s
         WHERE s.state = 'waiting_second' AND EXISTS (
               SELECT 1 FROM referrals r WHERE r.signal_id = s.id AND r.place_notice AND r.late_told_at IS NULL
                  AND r.state <> 'withdrawn' AND r.prepared_at <= moment - patience)
         ORDER BY s.changed_at LIMIT most FOR UPDATE OF s SKIP LOCKED
    LOOP
        UPDATE signals SET escalated_at = coalesce(escalated_at, moment) WHERE id = late;
        INSERT INTO signal_events (signal_id, at, step, from_state, to_state, detail)
            VALUES (late, moment, 'escalate', 'waiting_second', 'waiting_second', '{"why": "second_reader_late"}');
        PERFORM trail_append('second_reading_late', 'signal', late::text, '{}', moment);
        RETURN QUERY
            UPDATE referrals r SET late_told_at = moment
             WHERE r.signal_id = late AND r.place_notice AND r.late_told_at IS NULL AND r.state <> 'withdrawn'
            RETURNING r.id;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION late_second_readings(timestamptz, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION late_second_readings(timestamptz, interval, integer) TO seinpost_dispatch;
GRANT INSERT ON notices TO seinpost_dispatch;

-- That a place notice went out tells what the first reader thinks: who can still read blind does not see it.
DROP POLICY expert ON referrals;
CREATE POLICY expert ON referrals TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id)
           AND (NOT place_notice OR has_read(acting_user(), signal_id) OR informed(acting_user(), signal_id)
                OR blindness_over(signal_id)))
    WITH CHECK (has_role('expert'));

-- ---------------------------------------------------------------------------------------------------------------------
-- What a recipient answers, and that somebody was called, rings the bell of the open pages. Sending does not: a thousand
-- notices would be a thousand rings.
-- ---------------------------------------------------------------------------------------------------------------------
CREATE TRIGGER referrals_answered AFTER UPDATE OF state ON referrals
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('acknowledged', 'fed_back', 'failed'))
    EXECUTE FUNCTION tell_queue();
CREATE TRIGGER referrals_called AFTER UPDATE OF called_at ON referrals
    FOR EACH ROW WHEN (OLD.called_at IS DISTINCT FROM NEW.called_at) EXECUTE FUNCTION tell_queue();
