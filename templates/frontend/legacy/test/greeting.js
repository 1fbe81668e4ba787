'use strict';

var page = require('webpage').create();
var url = require('system').args[1];
var failed = false;

function expect(title, expected, work) {
  var found = page.evaluate(work);
  failed = failed || found !== expected;
  console.log((found === expected ? 'ok: ' : 'FAILED: ') + title + (found === expected ? '' : ': ' + found));
}

page.onError = function (message) {
  failed = true;
  console.log(message);
};

page.open(url, function (status) {
  if (status !== 'success') {
    console.log(url + ' does not answer');
    phantom.exit(2);
    return;
  }
  expect('greets the world', 'Hello, world!', function () {
    return document.getElementById('greeting').textContent;
  });
  expect('greets by name', 'Hello, Zoë!', function () {
    var event = document.createEvent('Event');
    document.getElementById('name').value = 'Zoë';
    event.initEvent('input', true, true);
    document.getElementById('name').dispatchEvent(event);
    return document.getElementById('greeting').textContent;
  });
  phantom.exit(failed ? 1 : 0);
});
