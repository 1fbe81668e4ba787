'use strict';

module.exports = function (grunt) {
  grunt.registerTask('build', function () {
    grunt.file.write('dist/app.js', grunt.file.read('src/app.js').trim() + '\n');
  });
  grunt.registerTask('fail', function () { grunt.fail.warn('it is not good enough', 3); });
  grunt.registerTask('code', function (code) { process.exit(Number(code)); });
  grunt.registerTask('colour', function () { grunt.log.writeln('red'.red); });
};
