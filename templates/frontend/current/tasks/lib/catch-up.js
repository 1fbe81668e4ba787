'use strict';

const fs = require('fs');

let timer;

// While it builds, grunt looks at no file. What was saved meanwhile is found by its time, and another grunt builds it.
module.exports = function catchUp(grunt, every) {
  const built = {};
  const seen = {};
  const tasks = {};

  function times(target) {
    const files = grunt.file.expand({ filter: 'isFile' }, grunt.config(['watch', target, 'files']));
    return files.map((file) => `${file} ${+fs.statSync(file).mtime}`).join('\n');
  }

  function look(target) {
    const now = times(target);
    if (now !== built[target] && now === seen[target]) {
      built[target] = now;
      grunt.log.writeln(`Saved while it built: ${tasks[target].join(' ')}`);
      grunt.util.spawn({ grunt: true, args: tasks[target], opts: { stdio: 'inherit' } }, () => {});
    }
    seen[target] = now;
  }

  for (const target of Object.keys(grunt.config('watch'))) {
    const own = grunt.config(['watch', target, 'tasks']);
    if (own && own.length) {
      tasks[target] = own;
      built[target] = times(target);
      grunt.config(['watch', target, 'tasks'], [`begin:${target}`].concat(own));
    }
  }
  grunt.registerTask('begin', 'Remembers what is built.', (target) => {
    built[target] = times(target);
  });
  clearInterval(timer);
  timer = setInterval(() => Object.keys(tasks).forEach(look), every);
  timer.unref();
};
