-- Who stands in today: a day of the Netherlands, as for agreements (0023), whatever time zone a connection asks for.

SET LOCAL search_path = seinpost, public;

CREATE OR REPLACE VIEW served_places WITH (security_invoker) AS
    SELECT contact_id, place_id, NULL::uuid AS for_contact FROM contact_places
    UNION ALL
    SELECT b.stand_in, p.place_id, b.contact_id
      FROM contact_absences b
      JOIN contacts away ON away.id = b.contact_id AND away.active
      JOIN contacts there ON there.id = b.stand_in AND there.kind = away.kind
      JOIN contact_places p ON p.contact_id = b.contact_id
     WHERE (now() AT TIME ZONE 'Europe/Amsterdam')::date BETWEEN b.from_on AND b.until_on;
