'use strict';

const assert = require('assert');

const greeting = (page) => page.$eval('#greeting', (element) => element.textContent);

module.exports = {
  'greets the world': async (page) => {
    assert.strictEqual(await greeting(page), 'Hello, world!');
  },

  'greets by name': async (page) => {
    await page.type('#name', 'Zoë');
    assert.strictEqual(await greeting(page), 'Hello, Zoë!');
  },
};
