'use strict';

// Where saves on the host are no events in the container, only looking again and again finds them; dfdev says which.
const polling = process.env.DFDEV_EVENTS === 'poll';
const interval = polling ? 1000 : 100;
if (polling) {
  require('./tasks/lib/poll-folders')(interval);
}

// What bower brought, in the order in which it is loaded: 'bower_components/jquery/dist/jquery.js'
const vendor = [];

module.exports = function (grunt) {
  grunt.initConfig({
    clean: ['dist'],

    jshint: {
      src: { options: { jshintrc: '.jshintrc' }, src: ['src/js/**/*.js'] },
      changed: { options: { jshintrc: '.jshintrc', force: true }, src: [] },
      tools: {
        options: { esversion: 11, node: true, undef: true, unused: true },
        src: ['Gruntfile.js', 'tasks/**/*.js', 'test/**/*.js'],
      },
    },

    concat: {
      app: { src: vendor.concat('src/js/**/*.js'), dest: 'dist/app.js' },
    },
    uglify: {
      app: { src: 'dist/app.js', dest: 'dist/app.min.js' },
    },
    less: {
      app: { options: { compress: true }, src: 'src/less/app.less', dest: 'dist/app.css' },
    },
    copy: {
      html: { expand: true, cwd: 'src', src: '**/*.html', dest: 'dist' },
    },

    connect: {
      test: { options: { base: 'dist', hostname: '127.0.0.1', useAvailablePort: true } },
    },
    browser: {
      src: ['test/**/*.js'],
    },

    // In this process (spawn: false) a save takes effect sooner; each target makes only its own file.
    watch: {
      options: { spawn: false, interval },
      js: { files: vendor.concat('src/js/**/*.js'), tasks: ['jshint:changed', 'js'] },
      less: { files: ['src/less/**/*.less'], tasks: ['less'] },
      html: { files: ['src/**/*.html'], tasks: ['copy'] },
      config: { files: ['Gruntfile.js', '.jshintrc'], tasks: [], options: { reload: true } },
    },
  });

  for (const name of ['clean', 'concat', 'connect', 'copy', 'jshint', 'less', 'uglify', 'watch']) {
    grunt.loadNpmTasks(`grunt-contrib-${name}`);
  }
  grunt.loadTasks('tasks');

  grunt.event.on('watch', (action, file, target) => {
    if (target === 'js') {
      grunt.config('jshint.changed.src', action === 'deleted' ? [] : [file]);
    }
  });

  if (grunt.cli.tasks.includes('watch')) {
    require('./tasks/lib/catch-up')(grunt, polling ? 2000 : 1000);
  }

  grunt.registerTask('js', ['concat', 'uglify']);
  grunt.registerTask('build', ['clean', 'js', 'less', 'copy']);
  grunt.registerTask('lint', ['jshint:src', 'jshint:tools']);
  grunt.registerTask('test', ['lint', 'build', 'connect:test', 'browser']);
  grunt.registerTask('default', ['lint', 'build']);
};
