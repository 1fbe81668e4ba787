-- Written with CR LF at the ends of its lines, and nothing after the last semicolon.
CREATE TABLE windows (
    id INT PRIMARY KEY,
    text VARCHAR(20)
);
INSERT INTO windows VALUES
    (1, 'eins'),
    (2, 'zw\r\nei');
DELIMITER $$
CREATE FUNCTION one() RETURNS INT DETERMINISTIC NO SQL
BEGIN
    RETURN 1;
END $$
DELIMITER ;
INSERT INTO windows VALUES (3, 'drei'); INSERT INTO windows VALUES (4, 'vier');
