-- Need to know, decided at the moment of reading: what a recipient may see follows from the table, from its agreement as
-- it stands now and from the switch as it stands now, not only from what they were when the signal was sent.

SET LOCAL search_path = seinpost, public;

-- The rows of the table, also known to the database: a field that is not named here is nobody's.
CREATE FUNCTION need_to_know(kind text) RETURNS text[] LANGUAGE sql IMMUTABLE
    RETURN CASE kind
        WHEN 'school'       THEN '{category,level,place,window,excerpt,link,duiding}'::text[]
        WHEN 'police'       THEN '{category,level,place,window,excerpt,link,duiding}'::text[]
        WHEN 'municipality' THEN '{category,level,place,window,duiding}'::text[]
        WHEN 'field'        THEN '{theme,place,window,duiding}'::text[]
        WHEN 'help'         THEN '{category,place,duiding}'::text[]
        WHEN 'escalation'   THEN '{category,level,place,window,duiding}'::text[]
        ELSE '{}'::text[] END;

CREATE TABLE switches (                          -- what is not here is off
    name       text PRIMARY KEY CHECK (name IN ('police_excerpt')),
    is_on      boolean NOT NULL,
    changed_at timestamptz NOT NULL
);
ALTER TABLE switches ENABLE ROW LEVEL SECURITY;
ALTER TABLE switches FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON switches TO seinpost_owner USING (true) WITH CHECK (true);

CREATE FUNCTION set_switch(wanted text, turned_on boolean, moment timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = seinpost AS $$
-- The serving process says how its settings have it; a change stands on the trail. Answers whether it was one.
BEGIN
    IF NOT turned_on AND NOT EXISTS (SELECT 1 FROM switches s WHERE s.name = wanted) THEN RETURN false; END IF;
    INSERT INTO switches AS s VALUES (wanted, turned_on, moment)
        ON CONFLICT (name) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at
        WHERE s.is_on <> excluded.is_on;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM trail_append('switch_set', 'switch', wanted, jsonb_build_object('on', turned_on), moment);
    RETURN true;
END $$;

-- A day of an agreement is a day of the Netherlands, whatever time zone a connection asks for.
CREATE OR REPLACE FUNCTION agreement_valid(agreement uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    SELECT EXISTS (SELECT 1 FROM agreements a WHERE a.id = agreement
                      AND (now() AT TIME ZONE 'Europe/Amsterdam')::date BETWEEN a.starts_on AND a.ends_on) $$;

-- Whose contacts are these? Nobody's whose account is off, who lost the recipient's role, or who left.
CREATE FUNCTION my_contacts() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER ROWS 3 SET search_path = seinpost AS $$
    SELECT c.id FROM contacts c WHERE c.user_id = acting_user() AND c.active AND has_role('recipient') $$;
CREATE OR REPLACE FUNCTION my_contact(contact uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$ SELECT contact IN (SELECT my_contacts()) $$;
CREATE OR REPLACE FUNCTION my_recipient_kinds() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$ SELECT DISTINCT c.kind FROM contacts c WHERE c.id IN (SELECT my_contacts()) $$;

CREATE FUNCTION fields_open(referral uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER COST 5000
    SET search_path = seinpost AS $$
    -- The fields of one referral that may be told now; null when it is over: expired, held, its agreement ended, or the
    -- contact gone. A sexual signal shows category and place alone; a place notice, and words that are gone at their
    -- source, show neither excerpt nor link; the police see those two with the switch, the link from concreet on.
    SELECT ARRAY(
        SELECT f FROM unnest(need_to_know(r.kind)) AS f
         WHERE f = ANY (a.fields) AND r.state <> 'withdrawn'
           AND (f IN ('category', 'place')
                OR coalesce(r.category, CASE WHEN r.theme IS NULL THEN s.category END, '') <> 'sexual')
           AND (f NOT IN ('excerpt', 'link') OR NOT (
                r.place_notice OR source_gone(r.signal_id)
                OR (r.kind = 'police' AND NOT EXISTS (SELECT 1 FROM switches w WHERE w.name = 'police_excerpt' AND w.is_on))))
           AND (f <> 'link' OR r.kind <> 'police' OR coalesce(r.level, s.level) IN ('concreet', 'acuut')))
      FROM referrals r JOIN agreements a ON a.id = r.agreement_id JOIN signals s ON s.id = r.signal_id
      JOIN contacts c ON c.id = r.contact_id AND c.kind = r.kind AND c.organisation_id = a.organisation_id
     WHERE r.id = referral AND r.state <> 'held' AND r.expires_at > now() AND agreement_valid(a.id) AND c.active $$;

CREATE FUNCTION fields_to_me(referral uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER COST 5000
    SET search_path = seinpost AS $$
    -- The same for the acting user's own referral; null for anybody else's.
    SELECT fields_open(r.id) FROM referrals r WHERE r.id = referral AND r.contact_id IN (SELECT my_contacts()) $$;

CREATE OR REPLACE FUNCTION referral_open(referral referrals) RETURNS boolean LANGUAGE sql STABLE SET search_path = seinpost AS $$
    SELECT fields_to_me(referral.id) IS NOT NULL $$;

-- The same columns in the same order, so the views per kind stand on it as before. OFFSET 0: asked once a row.
CREATE OR REPLACE VIEW referrals_to_me WITH (security_barrier) AS
    SELECT r.id, r.kind, r.state, r.place_notice, r.prepared_at, r.expires_at,
           CASE WHEN 'theme' = ANY (f.now) THEN r.theme END AS theme,
           CASE WHEN 'category' = ANY (f.now) THEN r.category END AS category,
           CASE WHEN 'level' = ANY (f.now) THEN r.level END AS level,
           CASE WHEN 'place' = ANY (f.now) THEN r.places END AS places,
           CASE WHEN 'window' = ANY (f.now) THEN r.window_start END AS window_start,
           CASE WHEN 'window' = ANY (f.now) THEN r.window_end END AS window_end,
           CASE WHEN 'excerpt' = ANY (f.now) THEN r.excerpt END AS excerpt,
           'link' = ANY (f.now) AND r.link_allowed AS link_allowed,
           CASE WHEN 'duiding' = ANY (f.now) THEN r.duiding END AS duiding
      FROM referrals r, LATERAL (SELECT fields_to_me(r.id) AS now OFFSET 0) f
     WHERE r.contact_id IN (SELECT my_contacts()) AND f.now IS NOT NULL;

CREATE OR REPLACE FUNCTION link_open_to_me(referral uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = seinpost AS $$
    -- The signal whose link this recipient may open now, if any.
    SELECT r.signal_id FROM referrals r WHERE r.id = referral AND r.link_allowed AND 'link' = ANY (fields_to_me(r.id)) $$;

-- What the dispatcher may tell of a referral now. It keeps no other way to its content.
CREATE VIEW referrals_to_tell WITH (security_barrier) AS
    SELECT r.id, r.signal_id, r.contact_id, r.agreement_id, r.kind, r.state, r.place_notice, r.expires_at,
           CASE WHEN 'category' = ANY (f.now) THEN r.category END AS category,
           CASE WHEN 'theme' = ANY (f.now) THEN r.theme END AS theme,
           CASE WHEN 'level' = ANY (f.now) THEN r.level END AS level,
           CASE WHEN 'place' = ANY (f.now) THEN r.places END AS places,
           CASE WHEN 'window' = ANY (f.now) THEN r.window_start END AS window_start,
           CASE WHEN 'window' = ANY (f.now) THEN r.window_end END AS window_end
      FROM referrals r, LATERAL (SELECT fields_open(r.id) AS now OFFSET 0) f;
GRANT SELECT ON referrals_to_tell TO seinpost_dispatch;
REVOKE SELECT (category, theme, level, places, window_start, window_end) ON referrals FROM seinpost_dispatch;

-- An expert writes no more into a referral than its recipient may ever read: the row of the table, and the agreement that
-- it names or one of that contact's organisation that is valid now (a correction may be cut under a newer one).
CREATE FUNCTION referral_is_need_to_know() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
DECLARE
    told text[] := array_remove(ARRAY[
        CASE WHEN NEW.theme IS NOT NULL THEN 'theme' END, CASE WHEN NEW.category IS NOT NULL THEN 'category' END,
        CASE WHEN NEW.level IS NOT NULL THEN 'level' END, CASE WHEN NEW.places IS NOT NULL THEN 'place' END,
        CASE WHEN NEW.window_start IS NOT NULL OR NEW.window_end IS NOT NULL THEN 'window' END,
        CASE WHEN NEW.excerpt IS NOT NULL THEN 'excerpt' END, CASE WHEN NEW.link_allowed THEN 'link' END,
        CASE WHEN NEW.duiding IS NOT NULL THEN 'duiding' END], NULL);
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contacts c JOIN agreements named ON named.organisation_id = c.organisation_id
                     JOIN agreements a ON a.organisation_id = c.organisation_id AND (a.id = named.id OR agreement_valid(a.id))
                    WHERE c.id = NEW.contact_id AND c.kind = NEW.kind AND named.id = NEW.agreement_id AND told <@ a.fields)
       OR NOT told <@ need_to_know(NEW.kind)
       OR (NEW.category = 'sexual' AND NOT told <@ '{category,place}')
       OR (NEW.kind = 'police' AND NEW.link_allowed AND NEW.level IN ('uiting', 'aandacht')) THEN
        RAISE EXCEPTION 'a referral holds more than its recipient may know' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_need_to_know
    BEFORE INSERT OR UPDATE OF contact_id, kind, agreement_id, theme, category, level, places, window_start, window_end,
                               excerpt, link_allowed, duiding ON referrals
    FOR EACH ROW WHEN (current_user = 'seinpost_expert') EXECUTE FUNCTION referral_is_need_to_know();

-- What was answered, and whether a notice went out, is for who may see the referral itself: not for an expert who is
-- attached to a school that its signal names.
ALTER POLICY expert_reads ON referral_events
    USING (has_role('expert') AND EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id));
ALTER POLICY expert ON feedback
    USING (has_role('expert') AND EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id));
ALTER POLICY expert ON notices
    USING (has_role('expert') AND EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id));

-- Functions that everybody could call are for the roles of our own processes; a recipient's roles get just what their
-- pages need, each of which answers only for the acting user.
DO $$
DECLARE
    f    regprocedure;
    kind text;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'seinpost'::regnamespace AND EXISTS (
                 SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                  WHERE x.grantee = 0 AND x.privilege_type = 'EXECUTE') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO seinpost_road, seinpost_collect, seinpost_relay, seinpost_dispatch,
                        seinpost_unseal, seinpost_web, seinpost_retention, seinpost_expert, seinpost_supervisor', f);
    END LOOP;
    FOREACH kind IN ARRAY ARRAY['', '_school', '_police', '_municipality', '_field', '_help', '_escalation'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION my_contacts(), my_recipient_kinds(), fields_to_me(uuid), my_feedback(uuid),
                        recipient_step(uuid, text, timestamptz), recipient_feedback(uuid, text, timestamptz)
                        TO seinpost_recipient%s', kind);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION link_open_to_me(uuid), fields_open(uuid), set_switch(text, boolean, timestamptz)
    FROM seinpost_road, seinpost_collect, seinpost_relay, seinpost_dispatch, seinpost_web, seinpost_retention, seinpost_expert,
         seinpost_supervisor;
REVOKE EXECUTE ON FUNCTION fields_open(uuid), set_switch(text, boolean, timestamptz) FROM seinpost_unseal;
GRANT EXECUTE ON FUNCTION fields_open(uuid) TO seinpost_dispatch;
GRANT EXECUTE ON FUNCTION set_switch(text, boolean, timestamptz) TO seinpost_web;
