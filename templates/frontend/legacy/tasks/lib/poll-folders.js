'use strict';

var fs = require('fs');

// gaze, which watches for grunt, looks at each file by itself, but waits for an event to notice a new one.
module.exports = function pollFolders(interval) {
  fs.watch = function (folder, listener) {
    function changed() {
      listener('rename');
    }
    fs.watchFile(folder, { interval: interval }, changed);
    return {
      on: function () {
        return this;
      },
      close: function () {
        fs.unwatchFile(folder, changed);
      }
    };
  };
};
