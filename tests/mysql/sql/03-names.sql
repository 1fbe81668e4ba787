-- Names that have to be quoted, and a second database: what follows this file must not land in it.
CREATE TABLE `order` (`select` INT PRIMARY KEY, `from` VARCHAR(10), `key` INT, KEY `index` (`key`));
INSERT INTO `order` VALUES (1, 'where', 2), (2, NULL, NULL);

CREATE TABLE `price list` (`Name, full` VARCHAR(40) PRIMARY KEY, `in €` DECIMAL(8, 2) DEFAULT NULL, note TEXT);

CREATE TABLE `back``tick` (`a``b` INT PRIMARY KEY, `c'd` VARCHAR(10), `e"f` VARCHAR(10));
INSERT INTO `back``tick` VALUES (1, '`', '``');

CREATE TABLE `Übergröße_表` (`größe` INT PRIMARY KEY, `名` VARCHAR(10));
INSERT INTO `Übergröße_表` VALUES (44, '大'), (46, NULL);

CREATE TABLE `it's "quoted"; -- no` (`x.y` INT PRIMARY KEY, `100%` INT);
INSERT INTO `it's "quoted"; -- no` VALUES (1, 100);

CREATE TABLE `case` (id INT PRIMARY KEY);
CREATE TABLE `Case` (id INT PRIMARY KEY);
INSERT INTO `case` VALUES (1);
INSERT INTO `Case` VALUES (1), (2);

CREATE DATABASE IF NOT EXISTS `archive 2014` CHARACTER SET latin1 COLLATE latin1_german1_ci;
USE `archive 2014`;
CREATE TABLE play (id INT PRIMARY KEY, title VARCHAR(100));
INSERT INTO play VALUES (1, 'Die Räuber'), (2, 'Maß für Maß');
CREATE VIEW titles AS SELECT title FROM play;
