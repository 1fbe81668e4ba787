-- Foreign keys in every order: the child first, the parent first, a circle, to itself.
SET FOREIGN_KEY_CHECKS = 0;

CREATE TABLE actor (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    troupe_id INT DEFAULT NULL,
    teacher_id INT DEFAULT NULL,
    UNIQUE KEY one_name (name),
    CONSTRAINT actor_troupe FOREIGN KEY (troupe_id) REFERENCES troupe (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT actor_teacher FOREIGN KEY (teacher_id) REFERENCES actor (id)
) AUTO_INCREMENT = 5000;
INSERT INTO actor VALUES (1, 'Sarah Bernhardt', 1, 2), (2, 'Eleonora Duse', 2, NULL), (3, '梅兰芳', NULL, 3);

CREATE TABLE troupe (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    head_id INT DEFAULT NULL,
    CONSTRAINT troupe_head FOREIGN KEY (head_id) REFERENCES actor (id)
);
INSERT INTO troupe VALUES (1, 'Comédie-Française', 1), (2, 'Città di Roma', 2);

SET FOREIGN_KEY_CHECKS = 1;

CREATE TABLE a_role (
    actor_id INT NOT NULL,
    play_id INT UNSIGNED NOT NULL,
    role VARCHAR(60) NOT NULL,
    PRIMARY KEY (actor_id, play_id, role),
    CONSTRAINT role_actor FOREIGN KEY (actor_id) REFERENCES actor (id) ON DELETE CASCADE,
    CONSTRAINT role_play FOREIGN KEY (play_id) REFERENCES play (id) ON DELETE RESTRICT
);
INSERT INTO a_role VALUES (1, 1, 'Gretchen'), (2, 1, 'Mephisto'), (2, 2, 'Ранeвская');
