-- Every kind of column. `;` and 'quotes' in a comment end nothing.
SET time_zone = '+00:00';

CREATE TABLE play (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    title VARCHAR(191) NOT NULL,
    price DECIMAL(30, 10) DEFAULT NULL,
    ratio DOUBLE DEFAULT NULL,
    big BIGINT UNSIGNED NOT NULL DEFAULT 18446744073709551615,
    flags BIT(10) NOT NULL DEFAULT b'1',
    genre ENUM ('comedy', 'tragedy', 'd''oh', 'Märchen') DEFAULT 'comedy' COMMENT 'it''s "one" of; these',
    tags SET ('new', 'sold out', 'Reihe 1') NOT NULL DEFAULT '',
    opened DATE DEFAULT NULL,
    doors TIME(3) DEFAULT NULL,
    seen DATETIME(6) DEFAULT NULL,
    changed TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    season YEAR DEFAULT NULL,
    doc JSON DEFAULT NULL,
    loud VARCHAR(191) GENERATED ALWAYS AS (UPPER(title)) VIRTUAL,
    author VARCHAR(100) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(doc, '$.author'))) STORED,
    hidden VARCHAR(20) DEFAULT 'unseen' INVISIBLE,
    CONSTRAINT no_refund CHECK (price >= 0),
    KEY by_author (author),
    FULLTEXT KEY words (title)
) DEFAULT CHARSET = utf8mb4 COMMENT = 'plays; and "more"';

INSERT INTO play (id, title, price, ratio, flags, genre, tags, opened, doors, seen, changed, season, doc) VALUES
    (1, 'Faust 🎭', 12.3456789012, 0.1, b'1010101010', 'tragedy', 'new,Reihe 1', '1829-01-19', '19:30:00.250',
     '2024-02-29 23:59:59.999999', '2024-03-31 02:30:00.000001', 2024,
     '{"author": "Goethe", "acts": [1, 2.5, null, true], "said": "\\"Zwei Seelen\\"", "mask": "🎭", "path": "C:\\\\x"}'),
    (2, 'Вишнёвый сад', 0, -1.5e-300, b'0', 'comedy', '', '1904-01-17', '-838:59:59.000', NULL,
     '1970-01-01 00:00:01.000000', 1901, '[]'),
    (3, 'O''Neill; "quoted" \\ back\tslash\r\nline % _', NULL, 1.7976931348623157e308, b'1111111111', 'd''oh', 'sold out',
     NULL, NULL, '1000-01-01 00:00:00', '2038-01-19 03:14:07.999999', 2155, 'null'),
    (4, '', 99999999999999999999.9999999999, NULL, b'1', NULL, 'new,sold out,Reihe 1', '9999-12-31', '00:00:00', NULL,
     NULL, NULL, NULL);
UPDATE play SET hidden = 'seen', changed = changed WHERE id = 2;

-- an id of zero, which a plain INSERT would count up
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO play (id, title, changed) VALUES (0, 'id zero', '2020-01-01');

SET sql_mode = '';
CREATE TABLE old_date (
    id INT PRIMARY KEY,
    day DATE NOT NULL DEFAULT '0000-00-00',
    moment DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
    stamp TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00'
);
INSERT INTO old_date VALUES (1, '0000-00-00', '0000-00-00', 0), (2, '2014-00-00', '2014-06-00', '2014-06-30 12:00:00');
INSERT INTO old_date (id) VALUES (3);

CREATE TABLE place (
    id INT PRIMARY KEY,
    spot POINT NOT NULL /*!80003 SRID 0 */,
    area POLYGON DEFAULT NULL,
    SPATIAL KEY at (spot)
);
INSERT INTO place VALUES
    (1, ST_GeomFromText('POINT(13.376 52.524)'), ST_GeomFromText('POLYGON((0 0,0 5,5 5,5 0,0 0),(1 1,1 2,2 2,2 1,1 1))')),
    (2, ST_GeomFromText('POINT(-0.0 1e-10)'), NULL);

-- no primary key, and two rows that are the same
CREATE TABLE log_line (said TEXT, at INT DEFAULT NULL);
INSERT INTO log_line VALUES ('twice', 1), ('twice', 1), (NULL, NULL), ('', 0);

CREATE TABLE latin (word VARCHAR(20) COLLATE latin1_german1_ci PRIMARY KEY) DEFAULT CHARSET = latin1;
INSERT INTO latin VALUES ('Straße'), ('Ärger'), ('façade');

CREATE TABLE visit (id INT NOT NULL, year INT NOT NULL, PRIMARY KEY (id, year))
    PARTITION BY RANGE (year) (
        PARTITION past VALUES LESS THAN (2000), PARTITION now VALUES LESS THAN MAXVALUE
    );
INSERT INTO visit VALUES (1, 1999), (2, 2000), (3, 2024);

CREATE TABLE script (id INT PRIMARY KEY, body MEDIUMTEXT NOT NULL);
INSERT INTO script VALUES (1, REPEAT('To be, or not to be 🎭\n', 40000));

-- filled by the CSV files
CREATE TABLE review (
    id INT NOT NULL PRIMARY KEY,
    stars DECIMAL(3, 1) DEFAULT NULL,
    said TEXT,
    source VARCHAR(20) NOT NULL DEFAULT 'by hand'
);

/*M! CREATE SEQUENCE ticket_number START WITH 100 INCREMENT BY 10 */;
/*M! DO NEXTVAL(ticket_number) */;
