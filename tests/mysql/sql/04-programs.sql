-- Triggers, procedures, functions and events, with three delimiters.
CREATE TABLE ticket (id INT AUTO_INCREMENT PRIMARY KEY, seat VARCHAR(10) NOT NULL, price DECIMAL(8, 2) NOT NULL);
CREATE TABLE audit (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(100) NOT NULL);

DELIMITER $$
CREATE TRIGGER ticket_tidy BEFORE INSERT ON ticket FOR EACH ROW
BEGIN
    -- it's "tidy"; always
    SET NEW.seat = UPPER(TRIM(NEW.seat));
    IF NEW.price < 0 THEN SET NEW.price = 0; END IF;
END$$
CREATE TRIGGER ticket_told AFTER INSERT ON ticket FOR EACH ROW
    INSERT INTO audit (what) VALUES (CONCAT('sold ', NEW.seat, '; 🎫'))$$
CREATE TRIGGER ticket_told_again AFTER INSERT ON ticket FOR EACH ROW FOLLOWS ticket_told
    INSERT INTO audit (what) VALUES (CONCAT('again ', NEW.seat))$$
CREATE TRIGGER ticket_back AFTER DELETE ON ticket FOR EACH ROW
BEGIN
    INSERT INTO audit (what) VALUES (CONCAT('back ', OLD.seat));
END$$
DELIMITER ;

INSERT INTO ticket (seat, price) VALUES (' a1 ', 20), ('b2', -5), ('c3', 7.5);
DELETE FROM ticket WHERE seat = 'C3';

DELIMITER //
CREATE PROCEDURE raise_prices(IN percent INT, INOUT total DECIMAL(10, 2), OUT seats INT)
    COMMENT 'it''s dear'
BEGIN
    DECLARE done INT DEFAULT FALSE;
    DECLARE one INT;
    DECLARE every CURSOR FOR SELECT id FROM ticket;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
    OPEN every;
    again: LOOP
        FETCH every INTO one;
        IF done THEN LEAVE again; END IF;
        UPDATE ticket SET price = price * (1 + percent / 100) WHERE id = one; /* a comment; it's one */
    END LOOP;
    CLOSE every;
    SELECT COUNT(*), SUM(price) INTO seats, total FROM ticket;
END//
CREATE FUNCTION `grüße`(name VARCHAR(50) CHARSET utf8mb4) RETURNS VARCHAR(100) CHARSET utf8mb4
    DETERMINISTIC NO SQL
    RETURN CONCAT('Hallo, ', name, '; $$ 👋 \\')//
DELIMITER ;

DELIMITER ;;
CREATE DEFINER = `ghost`@`nowhere` PROCEDURE `left over`() SQL SECURITY INVOKER
BEGIN
    SELECT 'by somebody who left; long ago';
END;;
DELIMITER ;

SET time_zone = '+00:00';
SET sql_mode = 'ANSI_QUOTES';
CREATE FUNCTION quoted() RETURNS INT DETERMINISTIC READS SQL DATA RETURN (SELECT MAX("id") FROM "ticket");
SET sql_mode = DEFAULT;

DELIMITER $$
CREATE EVENT clean_up ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' ENDS '2037-06-01 03:00:00'
    ON COMPLETION PRESERVE DISABLE COMMENT 'nightly; "off"'
    DO BEGIN
        DELETE FROM audit WHERE what = 'old; stuff';
    END$$
CREATE DEFINER = `ghost`@`nowhere` EVENT last_night ON SCHEDULE AT '2037-12-31 23:59:59' DO DELETE FROM audit$$
DELIMITER ;
