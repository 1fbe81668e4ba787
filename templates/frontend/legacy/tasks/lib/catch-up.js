'use strict';

var fs = require('fs');

var timer;

// While it builds, grunt looks at no file. What was saved meanwhile is found by its time, and another grunt builds it.
module.exports = function catchUp(grunt, every) {
  var built = {};
  var seen = {};
  var tasks = {};

  function times(target) {
    return grunt.file.expand({ filter: 'isFile' }, grunt.config(['watch', target, 'files'])).map(function (file) {
      return file + ' ' + Number(fs.statSync(file).mtime);
    }).join('\n');
  }

  function look(target) {
    var now = times(target);
    if (now !== built[target] && now === seen[target]) {
      built[target] = now;
      grunt.log.writeln('Saved while it built: ' + tasks[target].join(' '));
      grunt.util.spawn({ grunt: true, args: tasks[target], opts: { stdio: 'inherit' } }, function () {});
    }
    seen[target] = now;
  }

  Object.keys(grunt.config('watch')).forEach(function (target) {
    var own = grunt.config(['watch', target, 'tasks']);
    if (own && own.length) {
      tasks[target] = own;
      built[target] = times(target);
      grunt.config(['watch', target, 'tasks'], ['begin:' + target].concat(own));
    }
  });
  grunt.registerTask('begin', 'Remembers what is built.', function (target) {
    built[target] = times(target);
  });
  clearInterval(timer);
  timer = setInterval(function () {
    Object.keys(tasks).forEach(look);
  }, every);
  timer.unref();
};
