-- The first in the order of names needs the last one; one calls a function, one another database.
CREATE VIEW zz_roles AS
    SELECT a.name, p.title, r.role FROM a_role r JOIN actor a ON a.id = r.actor_id JOIN play p ON p.id = r.play_id;
CREATE VIEW aa_famous AS SELECT name, COUNT(*) AS roles FROM zz_roles GROUP BY name HAVING COUNT(*) > 1;
CREATE ALGORITHM = MERGE VIEW `cheap seats` AS SELECT id, seat FROM ticket WHERE price < 10 WITH CASCADED CHECK OPTION;
CREATE VIEW greeting AS SELECT id, `grüße`(name) AS `Gruß`, 'it''s; `so` 👋' AS mark FROM actor;
CREATE VIEW everywhere AS SELECT title FROM play UNION ALL SELECT title FROM `archive 2014`.play;
CREATE DEFINER = `ghost`@`nowhere` SQL SECURITY INVOKER VIEW heirloom AS SELECT id FROM ticket;
