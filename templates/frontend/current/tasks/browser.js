'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');

// Without a sandbox of its own, which a container's user may not make; the container is one. /dev/shm is small there.
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

async function inBrowser(url, work) {
  const puppeteer = require('puppeteer-core');
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROME_BIN || '/usr/bin/chromium',
    args: FLAGS,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(url, { waitUntil: 'load' });
    await work(page);
    if (errors.length) {
      throw errors[0];
    }
  } finally {
    await browser.close();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

module.exports = function (grunt) {
  grunt.registerMultiTask('browser', 'Each file exports {title: async (page) => …}, run on the page that connect serves.', async function () {
    const done = this.async();
    const { hostname, port } = grunt.config('connect.test.options');
    const tests = this.filesSrc.flatMap((file) => Object.entries(require(path.resolve(file))));
    let failed = 0;
    for (const [title, test] of tests) {
      try {
        await inBrowser(`http://${hostname}:${port}/`, test);
        grunt.log.ok(title);
      } catch (error) {
        failed += 1;
        grunt.log.error(`${title}: ${error.stack || error}`);
      }
    }
    done(failed ? new Error(`${failed} of ${tests.length} browser tests failed`) : tests.length > 0);
  });
};
