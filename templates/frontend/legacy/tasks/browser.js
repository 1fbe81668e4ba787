'use strict';

var spawn = require('child_process').spawn;
var path = require('path');

module.exports = function (grunt) {
  grunt.registerMultiTask('browser', 'Each file is run by phantomjs, with the address of the page that connect serves.', function () {
    var done = this.async();
    var server = grunt.config('connect.test.options');
    var url = 'http://' + server.hostname + ':' + server.port + '/';

    grunt.util.async.forEachSeries(this.filesSrc, function (file, next) {
      spawn('phantomjs', [path.resolve(file), url], { stdio: 'inherit' })
        .on('error', next)
        .on('exit', function (code) {
          if (code === 0) {
            grunt.log.ok(file);
            next();
          } else {
            next(new Error(file + ': phantomjs ended with ' + code));
          }
        });
    }, function (error) {
      done(error || true);
    });
  });
};
