CREATE TABLE drama (id INT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(100) NOT NULL);
INSERT INTO drama (title) VALUES ('The Persians'), ('Antigone'), ('Medea');
