-- Keeping the directory: when somebody last confirmed that a contact is right, when it can be reached, and who stands in
-- for whom while a contact is away. A stand-in serves the other's places for those days, in routing and in what is shown.

SET LOCAL search_path = seinpost, public;

ALTER TABLE contacts ADD COLUMN confirmed_on date;
ALTER TABLE contacts ADD COLUMN hours text CHECK (length(hours) BETWEEN 1 AND 200);

CREATE TABLE contact_absences (
    contact_id uuid NOT NULL REFERENCES contacts,
    from_on    date NOT NULL,
    until_on   date NOT NULL,                    -- the last day
    stand_in   uuid REFERENCES contacts,         -- none: nobody stands in, and the gaps report says so
    PRIMARY KEY (contact_id, from_on),
    CHECK (until_on >= from_on),
    CHECK (stand_in <> contact_id)
);
CREATE INDEX contact_absences_stand_in ON contact_absences (stand_in, until_on);
ALTER TABLE contact_absences ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_absences FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON contact_absences TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY expert ON contact_absences FOR SELECT TO seinpost_expert USING (has_role('expert'));
GRANT SELECT ON contact_absences TO seinpost_expert;

-- Every place that a contact serves today: its own, and those of whom it stands in for. Nobody stands in for another kind.
CREATE VIEW served_places WITH (security_invoker) AS
    SELECT contact_id, place_id, NULL::uuid AS for_contact FROM contact_places
    UNION ALL
    SELECT b.stand_in, p.place_id, b.contact_id
      FROM contact_absences b
      JOIN contacts away ON away.id = b.contact_id AND away.active
      JOIN contacts there ON there.id = b.stand_in AND there.kind = away.kind
      JOIN contact_places p ON p.contact_id = b.contact_id
     WHERE current_date BETWEEN b.from_on AND b.until_on;
GRANT SELECT ON served_places TO seinpost_expert;
