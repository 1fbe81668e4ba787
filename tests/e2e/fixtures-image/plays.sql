CREATE TABLE play (id INT PRIMARY KEY, title VARCHAR(100) CHARACTER SET utf8mb4);
INSERT INTO play VALUES (1, 'Faust'), (2, 'Вишнёвый сад');
