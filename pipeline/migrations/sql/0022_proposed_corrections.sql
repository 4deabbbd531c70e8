-- What recipients were told is changed by two people as well: one proposes, another agrees, at least one of them not police.
-- Withdrawing stays one person's act. A proposal names place, time, kind and level, never a word of the post.

SET LOCAL search_path = seinpost, public;

CREATE TABLE proposed_corrections (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    signal_id       uuid NOT NULL REFERENCES signals,
    proposed_by     uuid NOT NULL REFERENCES users DEFAULT acting_user(),
    proposed_at     timestamptz NOT NULL,
    category        text NOT NULL,
    level           text NOT NULL,
    places          jsonb NOT NULL,
    window_start    timestamptz,
    window_end      timestamptz,
    agreed_by       uuid REFERENCES users,
    agreed_in       xid8,                        -- the transaction in which recipients' views may change
    ended_at        timestamptz,
    ended_by        text CHECK (ended_by IN ('agreed', 'dropped', 'replaced')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_by = 'agreed') = (agreed_by IS NOT NULL)),
    CHECK (agreed_by <> proposed_by)
);
CREATE UNIQUE INDEX proposed_corrections_open ON proposed_corrections (signal_id) WHERE ended_at IS NULL;
CREATE INDEX proposed_corrections_signal ON proposed_corrections (signal_id);
CREATE INDEX proposed_corrections_age ON proposed_corrections (proposed_at);

-- Who writes is who is signed in; two of the police are not enough, and nobody of a school that is named may take part.
CREATE FUNCTION correction_is_made_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.proposed_by IS DISTINCT FROM acting_user() OR NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'a correction is proposed in one''s own name' USING ERRCODE = '42501';
        END IF;
    ELSIF OLD.ended_at IS NOT NULL OR (NEW.id, NEW.signal_id, NEW.proposed_by, NEW.category, NEW.level, NEW.places)
          IS DISTINCT FROM (OLD.id, OLD.signal_id, OLD.proposed_by, OLD.category, OLD.level, OLD.places)
          OR (NEW.window_start, NEW.window_end) IS DISTINCT FROM (OLD.window_start, OLD.window_end) THEN
        RAISE EXCEPTION 'what was proposed stays as it is' USING ERRCODE = '42501';
    ELSIF NEW.ended_by = 'agreed' THEN
        IF NEW.agreed_by IS DISTINCT FROM acting_user() OR NEW.agreed_by = OLD.proposed_by THEN
            RAISE EXCEPTION 'somebody else agrees, in one''s own name' USING ERRCODE = '42501';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM users u WHERE u.id IN (OLD.proposed_by, NEW.agreed_by) AND NOT u.police) THEN
            RAISE EXCEPTION 'a correction needs two people, at least one of them not police' USING ERRCODE = '42501';
        END IF;
        NEW.agreed_in := pg_current_xact_id();
    END IF;
    IF attached(acting_user(), NEW.signal_id) OR EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.places) p JOIN user_roles r
            ON r.scope_kind = 'school' AND r.scope_id = p ->> 'id' AND r.user_id IN (NEW.proposed_by, acting_user())
         WHERE p ->> 'kind' = 'school') AND NEW.ended_by IS DISTINCT FROM 'dropped' THEN
        RAISE EXCEPTION 'who belongs to a named school takes no part' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER corrections_by_two BEFORE INSERT OR UPDATE ON proposed_corrections
    FOR EACH ROW EXECUTE FUNCTION correction_is_made_by_two();

-- What a recipient holds changes only in the transaction in which a second person agreed. A place notice that is completed
-- has its two readers by another rule, and what goes (null) may always go.
CREATE FUNCTION view_changes_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM proposed_corrections p
                    WHERE p.signal_id = NEW.signal_id AND p.agreed_in = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'what was sent is changed by two people' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER views_change_by_two
    BEFORE UPDATE OF category, theme, level, places, window_start, window_end ON referrals FOR EACH ROW
    WHEN (current_user = 'seinpost_expert' AND OLD.place_notice = NEW.place_notice
          AND ((NEW.category IS NOT NULL AND NEW.category IS DISTINCT FROM OLD.category)
               OR (NEW.theme IS NOT NULL AND NEW.theme IS DISTINCT FROM OLD.theme)
               OR (NEW.level IS NOT NULL AND NEW.level IS DISTINCT FROM OLD.level)
               OR (NEW.places IS NOT NULL AND NEW.places IS DISTINCT FROM OLD.places)
               OR (NEW.window_start IS NOT NULL AND NEW.window_start IS DISTINCT FROM OLD.window_start)
               OR (NEW.window_end IS NOT NULL AND NEW.window_end IS DISTINCT FROM OLD.window_end)))
    EXECUTE FUNCTION view_changes_by_two();

ALTER TABLE proposed_corrections ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposed_corrections FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON proposed_corrections TO seinpost_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON proposed_corrections TO seinpost_expert;
GRANT UPDATE (agreed_by, ended_at, ended_by) ON proposed_corrections TO seinpost_expert;
CREATE POLICY expert ON proposed_corrections TO seinpost_expert
    USING (has_role('expert') AND NOT attached(acting_user(), signal_id))
    WITH CHECK (has_role('expert') AND NOT attached(acting_user(), signal_id));
GRANT SELECT (proposed_at), DELETE ON proposed_corrections TO seinpost_retention;
CREATE POLICY retention ON proposed_corrections TO seinpost_retention USING (true);

REVOKE EXECUTE ON FUNCTION correction_is_made_by_two(), view_changes_by_two() FROM PUBLIC;
