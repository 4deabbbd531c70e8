-- Search: which words of the term list stand in a readable text. Never another word, and never longer than the text.

SET LOCAL search_path = seinpost, public;

CREATE TABLE listed_words (
    post_id uuid NOT NULL REFERENCES sightings ON UPDATE CASCADE ON DELETE CASCADE,
    word    text NOT NULL CHECK (length(word) BETWEEN 1 AND 80),       -- as the list has it, not as the text wrote it
    PRIMARY KEY (word, post_id)
);
CREATE INDEX listed_words_post ON listed_words (post_id);

-- A text that had to go takes its words along, whoever removed it.
CREATE FUNCTION listed_words_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = seinpost AS $$
BEGIN
    DELETE FROM listed_words WHERE post_id = NEW.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sightings_listed_words AFTER UPDATE OF text ON sightings
    FOR EACH ROW WHEN (OLD.text IS NOT NULL AND NEW.text IS NULL) EXECUTE FUNCTION listed_words_go();
REVOKE EXECUTE ON FUNCTION listed_words_go() FROM PUBLIC;

ALTER TABLE listed_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE listed_words FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON listed_words TO seinpost_owner USING (true) WITH CHECK (true);
CREATE POLICY road ON listed_words TO seinpost_road USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON listed_words TO seinpost_road;
-- Which signal a word belongs to is asked of sightings and signals, whose own policies decide what this reader may see.
CREATE POLICY expert ON listed_words FOR SELECT TO seinpost_expert USING (has_role('expert'));
GRANT SELECT ON listed_words TO seinpost_expert;
