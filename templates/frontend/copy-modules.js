// copy-modules.js FROM TO: a one-way copy of node_modules for editors. npm's own list of what is installed tells which
// packages differ; where there is none (npm before 7), all of them are taken for different.
'use strict';
var fs = require('fs');
var path = require('path');
var run = require('child_process').execFileSync;

var LIST = '.package-lock.json';
var OURS = ['.dfdev', LIST];

function listed(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, LIST), 'utf8')).packages || {};
  } catch (error) {
    return null;
  }
}

// "node_modules/@scope/a/node_modules/b" is in "@scope/a".
function topOf(key) {
  var parts = key.split('/').slice(1);
  return parts[0].charAt(0) === '@' ? parts.slice(0, 2).join('/') : parts[0];
}

function differing(now, before) {
  var tops = {};
  Object.keys(now).concat(Object.keys(before)).forEach(function (key) {
    if (JSON.stringify(now[key]) !== JSON.stringify(before[key])) tops[topOf(key)] = true;
  });
  return Object.keys(tops);
}

function everything(from, to) {
  return fs.readdirSync(from).concat(fs.readdirSync(to));
}

function replace(from, to, name) {
  run('rm', ['-rf', path.join(to, name)]);
  if (!fs.existsSync(path.join(from, name))) return;
  run('mkdir', ['-p', path.dirname(path.join(to, name))]);
  run('cp', ['-a', path.join(from, name), path.join(to, name)]);
}

var from = process.argv[2];
var to = process.argv[3];
var now = listed(from);
var before = listed(to);
var names = now && before ? differing(now, before).concat(['.bin']) : everything(from, to);
// Without its list an interrupted copy is begun anew.
OURS.forEach(function (name) { run('rm', ['-f', path.join(to, name)]); });
names.filter(function (name) { return OURS.indexOf(name) < 0; })
  .forEach(function (name) { replace(from, to, name); });
if (now) replace(from, to, LIST);
